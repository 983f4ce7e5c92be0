// Files that the rows name, each in one line.

import { inFile } from './claim.ts';

export const config = inFile('drivers/virtio/config.ts');
export const describe = inFile('drivers/virtio/describe.ts');
export const features = inFile('drivers/virtio/features.ts');
export const featureRules = inFile('drivers/virtio/feature-rules.ts');
export const ids = inFile('drivers/virtio/ids.ts');
export const initialize = inFile('drivers/virtio/initialize.ts');
export const interrupts = inFile('drivers/virtio/interrupts.ts');
export const reset = inFile('drivers/virtio/reset.ts');
export const createQueue = inFile('drivers/virtio/queue/create.ts');
export const doorbell = inFile('drivers/virtio/queue/doorbell.ts');
export const packed = inFile('drivers/virtio/queue/packed.ts');
export const placeQueue = inFile('drivers/virtio/queue/place.ts');
export const queue = inFile('drivers/virtio/queue/queue.ts');
export const slots = inFile('drivers/virtio/queue/slots.ts');
export const split = inFile('drivers/virtio/queue/split.ts');
export const legacyPci = inFile('drivers/virtio/transport/legacy-pci.ts');
export const mmio = inFile('drivers/virtio/transport/mmio.ts');
export const pci = inFile('drivers/virtio/transport/pci.ts');
export const pciAccess = inFile('drivers/virtio/transport/pci-access.ts');
export const pciRegion = inFile('drivers/virtio/transport/pci-region.ts');
export const pciWindow = inFile('drivers/virtio/transport/pci-window.ts');
export const record = inFile('drivers/virtio/transport/record.ts');
export const sharedMemory = inFile('drivers/virtio/transport/shared-memory.ts');
export const transport = inFile('drivers/virtio/transport/transport.ts');
export const vectors = inFile('drivers/virtio/transport/vectors.ts');
export const blkBringUp = inFile('drivers/blk/bring-up.ts');
export const blkRequest = inFile('drivers/blk/request.ts');
export const table = inFile('drivers/table.ts');

export const bar = inFile('kernel/pci/bar.ts');
export const capability = inFile('kernel/pci/capability.ts');
export const scan = inFile('kernel/pci/scan.ts');

export const requirementsTest = inFile('test/unit/drivers/virtio/requirements-queue.test.ts');
export const requirementsTransportTest = inFile('test/unit/drivers/virtio/requirements-transport.test.ts');
export const configTest = inFile('test/unit/drivers/virtio/config.test.ts');
export const featureRulesTest = inFile('test/unit/drivers/virtio/feature-rules.test.ts');
export const featuresTest = inFile('test/unit/drivers/virtio/features.test.ts');
export const idsTest = inFile('test/unit/drivers/virtio/ids.test.ts');
export const initializeTest = inFile('test/unit/drivers/virtio/initialize.test.ts');
export const interruptsTest = inFile('test/unit/drivers/virtio/interrupts.test.ts');
export const createTest = inFile('test/unit/drivers/virtio/queue/create.test.ts');
export const hostileTest = inFile('test/unit/drivers/virtio/queue/hostile.test.ts');
export const notifyTest = inFile('test/unit/drivers/virtio/queue/notify.test.ts');
export const queueTest = inFile('test/unit/drivers/virtio/queue/queue.test.ts');
export const scheduleTest = inFile('test/unit/drivers/virtio/queue/schedule.test.ts');
export const legacyTest = inFile('test/unit/drivers/virtio/transport/legacy.test.ts');
export const mmioTest = inFile('test/unit/drivers/virtio/transport/mmio.test.ts');
export const pciTest = inFile('test/unit/drivers/virtio/transport/pci.test.ts');
export const queuesTest = inFile('test/unit/drivers/virtio/transport/queues.test.ts');
export const windowTest = inFile('test/unit/drivers/virtio/transport/window.test.ts');
export const blkDriverTest = inFile('test/unit/drivers/blk/driver.test.ts');
export const blkRequestTest = inFile('test/unit/drivers/blk/request.test.ts');
export const matrixTest = inFile('test/boot/matrix.test.ts');
export const queuesBootTest = inFile('test/boot/queues.test.ts');
export const transportBootTest = inFile('test/boot/transport.test.ts');
export const interruptsBootTest = inFile('test/boot/virtio-interrupts.test.ts');
export const tableTest = inFile('test/unit/drivers/table.test.ts');

export const barTest = inFile('test/unit/kernel/pci/bar.test.ts');
export const capabilityTest = inFile('test/unit/kernel/pci/capability.test.ts');
export const scanTest = inFile('test/unit/kernel/pci/scan.test.ts');
