// Console devices. VIRTIO 1.2 §5.3.

import { inFile } from '../claim.ts';
import type { DeviceClass } from './device.ts';

const bringUp = inFile('drivers/console/bring-up.ts');
const portsTest = inFile('test/unit/drivers/console/ports.test.ts');
const lifeTest = inFile('test/unit/drivers/console/life.test.ts');
const bootTest = inFile('test/boot/console.test.ts');

export const CONSOLE: DeviceClass = {
  type: 3,
  page: 'docs/devices/console.md',
  qemu: ['virtio-serial-pci', 'virtio-serial-device'],
  features: [
    {
      bit: 0,
      name: 'SIZE',
      use: 'columns and rows, and their changes',
      code: [bringUp('readSize')],
      tests: [portsTest('is that of the configuration for port 0, and changes with it')],
    },
    {
      bit: 1,
      name: 'MULTIPORT',
      use: 'ports by name that come and go, and are held back one by one; without it there is one port',
      code: [bringUp('beginConsole')],
      tests: [
        portsTest('has 31 ports, and those have memory that are used'),
        bootTest('moves megabytes, is held back, and has ports come and go'),
      ],
    },
    {
      bit: 2,
      name: 'EMERG_WRITE',
      use: 'a byte without a queue, on an open transport',
      code: [bringUp('beginConsole')],
      tests: [lifeTest('shows a byte')],
    },
  ],
};
