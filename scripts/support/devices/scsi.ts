// SCSI hosts. VIRTIO 1.2 §5.6.

import { inFile } from '../claim.ts';
import { type DeviceClass, unused } from './device.ts';

const controller = inFile('drivers/scsi/controller.ts');
const events = inFile('drivers/scsi/events.ts');

const boot = inFile('test/boot/scsi.test.ts');
const life = inFile('test/unit/drivers/scsi/life.test.ts');

const ON_QEMU = boot(
  'a SCSI bus > has disks that are cleared, fail, are read-only, cached, change their medium, come and go as they should',
);

export const SCSI: DeviceClass = {
  type: 8,
  page: 'docs/devices/scsi.md',
  qemu: ['virtio-scsi-pci', 'virtio-scsi-device'],
  features: [
    unused(0, 'INOUT', 'commands that move bytes both ways are of no use to disks'),
    {
      bit: 1,
      name: 'HOTPLUG',
      use: 'disks that come and go: onChange() tells, and what one that is gone had rejects',
      code: [controller('beginController'), events('pollEvents')],
      tests: [ON_QEMU, life('an event > brings a unit, and takes it with all that it had')],
    },
    {
      bit: 2,
      name: 'CHANGE',
      use: 'a disk that was resized says so',
      code: [controller('beginController'), events('pollEvents')],
      tests: [ON_QEMU, life('an event > says that a unit has changed')],
    },
    unused(3, 'T10_PI', 'check bytes from end to end; QEMU has no device that offers it'),
  ],
};
