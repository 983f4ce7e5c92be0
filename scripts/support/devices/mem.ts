// Memory devices. VIRTIO 1.2 §5.15.

import { inFile } from '../claim.ts';
import { type DeviceClass, unused } from './device.ts';

const bringUp = inFile('drivers/mem/bring-up.ts');
const unitTest = inFile('test/unit/drivers/mem/driver.test.ts');
const bootTest = inFile('test/boot/memory.test.ts');

export const MEM: DeviceClass = {
  type: 24,
  page: 'docs/devices/memory.md',
  qemu: ['virtio-mem-pci'],
  features: [
    {
      bit: 0,
      name: 'ACPI_PXM',
      use: 'the proximity domain is told',
      code: [bringUp('readFacts')],
      tests: [unitTest('a memory device > says what it is')],
    },
    {
      bit: 1,
      name: 'UNPLUGGED_INACCESSIBLE',
      use: 'what is not plugged is not in the page tables',
      code: [bringUp('removeUnused')],
      tests: [
        unitTest('a memory device > says what it is'),
        bootTest(
          'has large blocks and packed queues, and is not touched where nothing is plugged, where the host says so',
        ),
      ],
    },
    unused(2, 'PERSISTENT_SUSPEND', 'the machine is not suspended'),
  ],
};
