// Persistent memories. VIRTIO 1.2 §5.19.

import { inFile } from '../claim.ts';
import type { DeviceClass } from './device.ts';

const bringUp = inFile('drivers/pmem/bring-up.ts');
const driverTest = inFile('test/unit/drivers/pmem/driver.test.ts');

export const PMEM: DeviceClass = {
  type: 27,
  page: 'docs/devices/pmem.md',
  qemu: ['virtio-pmem-pci'],
  features: [
    {
      bit: 0,
      name: 'SHMEM_REGION',
      use: 'it lies in a shared-memory region of its device, in place of where the configuration says; QEMU does not offer it',
      code: [bringUp('setUpPmem')],
      tests: [
        driverTest('may lie in a shared-memory region of its device'),
        driverTest('names a shared-memory region that it does not have, and does not come up'),
      ],
    },
  ],
};
