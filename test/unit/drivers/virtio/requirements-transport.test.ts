// Requirements of VIRTIO 1.2 §2 to §4 that a whole life of a device shows, or that no other test asks for. What a driver must not do to registers is
// noted by the simulated device as a violation.

import { describe, expect, it } from 'vitest';
import { startBlk } from '../../../../drivers/blk/driver.ts';
import { startMmioDevice } from '../../../../drivers/table.ts';
import { readConfig32 } from '../../../../drivers/virtio/config.ts';
import { hasFeature } from '../../../../drivers/virtio/features.ts';
import { begin, finish } from '../../../../drivers/virtio/initialize.ts';
import { createQueue } from '../../../../drivers/virtio/queue/create.ts';
import { add, fill, kick, pop, reserve } from '../../../../drivers/virtio/queue/queue.ts';
import { DEVICE_READS, DEVICE_WRITES, Queue } from '../../../../drivers/virtio/queue/record.ts';
import { giveUp } from '../../../../drivers/virtio/reset.ts';
import { FAULT_MMIO_EMPTY } from '../../../../drivers/virtio/transport/fault.ts';
import { openMmio } from '../../../../drivers/virtio/transport/mmio.ts';
import { Transport } from '../../../../drivers/virtio/transport/record.ts';
import { SharedMemory, sharedMemory } from '../../../../drivers/virtio/transport/shared-memory.ts';
import { acknowledgeInterrupt, disableQueue } from '../../../../drivers/virtio/transport/transport.ts';
import { DmaPool } from '../../../../kernel/hal/dma-pool.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { expectValue, machineWithDisk } from '../../../sim/setup.ts';
import { SimVirtioDevice } from '../../../sim/virtio/device.ts';
import { usualCapabilities, virtioCapability } from '../../../sim/virtio/registers-pci.ts';
import { begunDisk, MODERN, openedDisk, openedPci, SLOT, SLOT_LENGTH, setOf, TRANSPORTS } from './transport/harness.ts';

const INDIRECT_DESC = 28;
const EVENT_IDX = 29;
const VERSION_1 = 32;
const RING_PACKED = 34;
const IN_ORDER = 35;

type Opened = ReturnType<typeof openedDisk>;

/** Makes queue 0 and reads sector 0 with it: header, data and status lie at `memory`. */
const readSector = ({ transport, machine }: Opened, queue: Queue, memory: number): void => {
  machine.dma.fill(0, memory, memory + 1024);
  const head = reserve(queue, 3);
  fill(queue, memory, 16, DEVICE_READS);
  fill(queue, memory + 64, 512, DEVICE_WRITES);
  fill(queue, memory + 600, 1, DEVICE_WRITES);
  add(queue);
  kick(queue);
  acknowledgeInterrupt(transport);
  expect(pop(queue)).toBe(head);
};

const create = ({ transport, pool }: Opened, size: number): Queue => {
  const queue = new Queue();
  expect(createQueue(transport, pool, 0, size, transport.accepted, queue)).toBe(true);
  return queue;
};

describe.each([
  ...TRANSPORTS.map((transport) => ({ transport, layout: 'split', features: [9, VERSION_1] })),
  ...MODERN.map((transport) => ({ transport, layout: 'packed', features: [9, VERSION_1, RING_PACKED] })),
])('a device over $transport with a $layout queue', ({ transport, features }) => {
  const wanted = setOf([9, RING_PACKED]);

  it('lives without a violation: brought up, used, given up, and all of it again', () => {
    const all = openedDisk({ transport, features });
    for (let life = 0; life < 2; life++) {
      expect(begin(all.transport, wanted), `life ${life}`).toBe(true);
      const queue = create(all, 16);
      expect(finish(all.transport)).toBe(true);
      expect(readConfig32(all.transport, 0)).toBe(64);
      readSector(all, queue, 0x100000);
      expect(giveUp(all.transport)).toBe(true);
      expect(all.device.status).toBe(128);
    }
    expect(all.machine.violations).toEqual([]);
    expect(all.device.notifications).toBe(2);
  });
});

describe.each(TRANSPORTS)('a disk over %s', (transport) => {
  it('has its capacity read again when it changed between the two halves', () => {
    const all = openedDisk({ transport, features: [VERSION_1], capacity: [0xffffffff, 0] });
    const { device } = all;
    const config = new DataView(device.options.config.buffer);
    let generation = 0;
    const readConfig = device.readConfig.bind(device);
    device.readGeneration = () => generation;
    device.readConfig = (offset, width) => {
      const value = readConfig(offset, width);
      if (offset !== 0 || width !== 4 || generation !== 0) return value;
      generation = 1;
      config.setUint32(0, 0, true);
      config.setUint32(4, 1, true);
      return value;
    };
    expect(expectValue(startBlk(all.transport, all.pool)).capacitySectors).toBe(2 ** 32);
    expect(generation).toBe(1);
  });
});

describe.each(MODERN)('a disk over %s that offers everything', (transport) => {
  it('has all accepted that its queue can use', () => {
    const all = openedDisk({ transport, features: [INDIRECT_DESC, EVENT_IDX, VERSION_1, RING_PACKED, IN_ORDER] });
    expectValue(startBlk(all.transport, all.pool));
    const accepted = [INDIRECT_DESC, EVENT_IDX, RING_PACKED, IN_ORDER].map((bit) => all.device.has(bit));
    expect(accepted).toEqual([true, true, true, true]);
    expect(all.machine.violations).toEqual([]);
  });
});

describe('a PCI function', () => {
  it.each([0, 1, 0xff])('is a virtio device whatever its revision: %i', (revision) => {
    const { pciFunction, disk } = machineWithDisk();
    disk.device.pciFunction.config.setUint8(8, revision);
    expect(openedPci(pciFunction).deviceType).toBe(2);
  });

  it.each([0, 2, 0x1af41100])('is a virtio device whatever its subsystem: %i', (subsystem) => {
    const { pciFunction, disk } = machineWithDisk();
    disk.device.pciFunction.config.setUint32(0x2c, subsystem, true);
    expect(openedPci(pciFunction).deviceType).toBe(2);
  });

  it.each([0, 6, 7, 9, 10, 0xff])(
    'may list structures that we do not know: type %i is as if it were not there',
    (type) => {
      const unknown = virtioCapability(type, 4, 0, 0x1000, [0, 0, 0, 0]);
      const { pciFunction, machine } = machineWithDisk({ capabilities: [unknown, ...usualCapabilities()] });
      const transport = openedPci(pciFunction);
      expect([transport.common.offset, transport.notify.offset]).toEqual([0, 0x3000]);
      expect(machine.violations).toEqual([]);
    },
  );

  it('may have regions that are longer than their structures: of these only the part in use is mapped', () => {
    const [, isr, , notify] = usualCapabilities() as [number[], number[], number[], number[]];
    const capabilities = [virtioCapability(1, 4, 0, 0x4000), isr, virtioCapability(4, 4, 0x2000, 0x2000), notify];
    const { pciFunction, machine } = machineWithDisk({ capabilities });
    machine.mmioLength = 4 * 4096; // A page for each structure.
    expect(openedPci(pciFunction).common.length).toBe(0x4000);
  });

  it('has nothing written into its capabilities, from the first look to the end', () => {
    const all = openedDisk({ features: [9, VERSION_1] });
    expect(begin(all.transport, setOf([9]))).toBe(true);
    const queue = create(all, 16);
    expect(finish(all.transport)).toBe(true);
    readSector(all, queue, 0x100000);
    giveUp(all.transport);
    const offsets = all.device.pciFunction.writes.map((write) => Number(/^write\d+ (\S+) =/.exec(write)?.[1]));
    expect(offsets.length).toBeGreaterThan(0);
    expect(offsets.filter((offset) => !(offset < 0x40))).toEqual([]);
  });
});

describe('a slot of virtio-mmio', () => {
  it('with device id 0 is left alone after three reads, and nothing is said of it', () => {
    const machine = installMachine(new SimMachine());
    const nothing = { deviceType: 0, features: [], queueSizes: [], config: new Uint8Array(0) };
    new SimVirtioDevice(machine, { ...nothing, transport: 'mmio', address: SLOT, onNotify: () => {} });
    const transport = new Transport();
    expect(openMmio(SLOT, SLOT_LENGTH, transport)).toBe(false);
    expect(transport.fault.code).toBe(FAULT_MMIO_EMPTY);
    expect(machine.accesses).toEqual([0, 4, 8].map((offset) => `read32 0x${(SLOT + offset).toString(16)}`));
    expect(startMmioDevice(SLOT, SLOT_LENGTH, new DmaPool())).toBeUndefined();
    expect(machine.consoleText).toBe('');
  });

  it('whose queue does not stop when it is told to is found out by reading back', () => {
    const all = begunDisk({ transport: 'mmio', features: [VERSION_1] });
    const queue = create(all, 16);
    const restartRing = all.device.restartRing.bind(all.device);
    all.device.restartRing = () => {};
    expect(disableQueue(all.transport, queue)).toBe(false);
    all.device.restartRing = restartRing;
    expect(disableQueue(all.transport, queue)).toBe(true);
  });

  it('touches no register of shared memory unless a driver asks for it', () => {
    const all = begunDisk({ transport: 'mmio', features: [VERSION_1] });
    create(all, 16);
    expect(finish(all.transport)).toBe(true);
    const ofSharedMemory = (): string[] =>
      all.machine.accesses.filter((access) => {
        const offset = Number(access.split(' ')[1]) - SLOT;
        return offset >= 0xac && offset < 0xc0;
      });
    expect(ofSharedMemory()).toEqual([]);
    sharedMemory(all.transport, 1, new SharedMemory());
    expect(ofSharedMemory()).toHaveLength(5);
  });
});

describe('a legacy device', () => {
  it.each(['pci-legacy', 'mmio-legacy'] as const)('over %s has ANY_LAYOUT accepted, and bit 30 not', (transport) => {
    const all = begunDisk({ transport, features: [27, 30] });
    expect([27, 30].map((bit) => hasFeature(all.transport.accepted, bit))).toEqual([true, false]);
    expect(all.device.driverFeatures[0]).toBe(2 ** 27);
  });
});
