// Shared folders: 9P over virtio. Linux's include/uapi/linux/virtio_9p.h.

import { inFile } from '../claim.ts';
import type { DeviceClass } from './device.ts';

const registers = inFile('drivers/9p/registers.ts');
const boot = inFile('test/boot/9p.test.ts');
const shareTest = inFile('test/unit/drivers/9p/share.test.ts');
const hostileTest = inFile('test/unit/drivers/9p/hostile.test.ts');

export const NINEP: DeviceClass = {
  type: 9,
  page: 'docs/devices/9p.md',
  qemu: ['virtio-9p-pci', 'virtio-9p-device'],
  features: [
    {
      bit: 0,
      name: 'MOUNT_TAG',
      use: 'what the host calls the share, by which it is opened',
      code: [registers('readMountTag')],
      tests: [
        shareTest('says what it is'),
        shareTest('has no tag where the device does not tell'),
        hostileTest('or with %s does not come up'),
        boot('is the folder of the host, which finds in it what the guest made'),
      ],
    },
  ],
};
