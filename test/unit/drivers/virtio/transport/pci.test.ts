import { describe, expect, it } from 'vitest';
import { describeFault, type InitializeError, transportName } from '../../../../../drivers/virtio/describe.ts';
import { finish } from '../../../../../drivers/virtio/initialize.ts';
import { createQueue } from '../../../../../drivers/virtio/queue/create.ts';
import { add, fill, kick, reserve } from '../../../../../drivers/virtio/queue/queue.ts';
import { Queue } from '../../../../../drivers/virtio/queue/record.ts';
import {
  acknowledgeInterrupt,
  INTERRUPT_QUEUE,
  readStatus,
} from '../../../../../drivers/virtio/transport/transport.ts';
import { findCapability, readCapabilities } from '../../../../../kernel/pci/capability.ts';
import { powerState } from '../../../../../kernel/pci/power.ts';
import { SimFunction } from '../../../../sim/pci.ts';
import { machineWith, machineWithDisk } from '../../../../sim/setup.ts';
import { le32, usualCapabilities, virtioCapability } from '../../../../sim/virtio/registers-pci.ts';
import { begunDisk, openedDisk, openedPci, tryPci } from './harness.ts';

const COMMON = 1;
const NOTIFY = 2;
const ISR = 3;
const CONFIG = 4;

/** Tries to open the transport of a disk that lists these capabilities in place of the usual ones. */
const tryWith = (capabilities: readonly (readonly number[])[]): ReturnType<typeof tryPci> =>
  tryPci(machineWithDisk({ capabilities }).pciFunction);

const isOpenWith = (...capabilities: readonly (readonly number[])[]): boolean => tryWith(capabilities).isOpen;

const errorWith = (...capabilities: readonly (readonly number[])[]): InitializeError => {
  const { isOpen, error } = tryWith(capabilities);
  expect(isOpen).toBe(false);
  expect(error.step).toBe(0);
  return error;
};

const without = (type: number): number[][] => usualCapabilities().filter((capability) => capability[3] !== type);

describe('opening the transport', () => {
  it('of a virtio device works, and turns on memory decoding but not bus mastering', () => {
    const { pciFunction, disk } = machineWithDisk();
    const transport = openedPci(pciFunction);
    expect(transportName(transport)).toBe('0000:00:02.0 virtio-blk');
    expect(disk.device.pciFunction.command & 6).toBe(2);
    expect(disk.device.statusWrites).toEqual([]);
  });

  it.each([
    ['wakes a device that sleeps', 0x3, true],
    ['of one that does not wake is refused', 0x0, false],
  ])('%s', (_, writable, isOpen) => {
    const asleep = [0x01, 0, 3, 0, 3, 0, 0, 0];
    const { pciFunction, disk } = machineWithDisk({ capabilities: [...usualCapabilities(), asleep] });
    expect(readCapabilities(pciFunction)).toBe(true);
    disk.device.pciFunction.writable.setUint16(findCapability(pciFunction, 0x01) + 4, writable, true);
    expect(powerState(pciFunction)).toBe(3);
    const opened = tryPci(pciFunction);
    expect([opened.isOpen, powerState(pciFunction)]).toEqual([isOpen, isOpen ? 0 : 3]);
    if (!isOpen) expect(opened.error.message).toMatch(/D3/);
  });

  it('of another vendor is refused with its id', () => {
    const { pciFunction } = machineWith(new SimFunction({ vendorId: 0x8086, deviceId: 0x1001 }));
    expect(tryPci(pciFunction).error).toMatchObject({
      step: 0,
      kind: 'invalid-vendor-id',
      message: 'PCI vendor id is 0x8086, expected that of virtio, 0x1af4',
    });
  });

  it('of an unknown device is refused with its id', () => {
    const { pciFunction } = machineWith(new SimFunction({ vendorId: 0x1af4, deviceId: 0x1060 }));
    expect(tryPci(pciFunction).error).toMatchObject({
      kind: 'invalid-device-id',
      message: 'PCI device id 0x1060 is not that of a virtio device',
    });
  });

  it.each([
    [COMMON, 'COMMON_CFG'],
    [NOTIFY, 'NOTIFY_CFG'],
    [ISR, 'ISR_CFG'],
  ])('without capability %i is refused by name', (type, name) => {
    expect(errorWith(...without(type))).toMatchObject({
      kind: 'missing-capability',
      message: `no capability ${name} in the list`,
    });
  });

  it('what is missing comes before what is wrong later in the order COMMON, NOTIFY, ISR, DEVICE', () => {
    const badIsr = virtioCapability(ISR, 5, 0, 1);
    const badConfig = virtioCapability(CONFIG, 5, 0, 4);
    const badNotify = virtioCapability(NOTIFY, 4, 0x3000, 0x1000, le32(3));
    const [common, , , notify] = usualCapabilities();
    expect(errorWith(badConfig, badIsr, badNotify).kind).toBe('missing-capability');
    expect(errorWith(badConfig, badIsr, common!).message).toContain('NOTIFY_CFG');
    expect(errorWith(badConfig, badIsr, common!, badNotify).kind).toBe('invalid-notify-off-multiplier');
    expect(errorWith(badConfig, badIsr, common!, notify!).message).toContain('ISR_CFG');
    expect(errorWith(badConfig, common!, notify!, usualCapabilities()[1]!).message).toContain('DEVICE_CFG');
  });

  it('a device without a configuration of its own has a length of 0', () => {
    expect(tryWith(without(CONFIG))).toMatchObject({ isOpen: true, transport: { configLength: 0 } });
  });

  it('a list that loops is refused with what the list says', () => {
    const { pciFunction, disk } = machineWithDisk();
    disk.device.pciFunction.config.setUint8(0x41, 0x40);
    expect(tryPci(pciFunction).error).toMatchObject({ kind: 'pci' });
    expect(tryPci(pciFunction).error.message).toContain('the list loops');
  });

  it('a BAR that cannot be is refused where a capability names it, and is no matter where none does', () => {
    const { pciFunction, disk } = machineWithDisk({ capabilities: [virtioCapability(COMMON, 0, 0, 0x1000)] });
    disk.device.pciFunction.config.setUint32(0x10, 6, true);
    expect(tryPci(pciFunction).error).toMatchObject({ kind: 'pci' });
    expect(tryPci(pciFunction).error.message).toContain('memory type 3 is reserved');
    const other = machineWithDisk();
    other.disk.device.pciFunction.config.setUint32(0x10, 6, true);
    expect(tryPci(other.pciFunction).isOpen).toBe(true);
  });

  it('an MMIO window that is full is an error, where there is no other way', () => {
    const { pciFunction, machine } = machineWithDisk();
    machine.mmioLength = 0x1000;
    expect(tryPci(pciFunction).error.kind).toBe('map-failed');
  });

  it('tells why it interrupts, once', () => {
    const { transport, device } = openedDisk();
    device.interruptReasons = INTERRUPT_QUEUE;
    expect([acknowledgeInterrupt(transport), acknowledgeInterrupt(transport)]).toEqual([INTERRUPT_QUEUE, 0]);
  });
});

describe('what a capability says is refused with what was found and what was expected', () => {
  it.each<[string, number[], string, string]>([
    ['a BAR that is not there', virtioCapability(COMMON, 2, 0, 0x1000), 'bar-not-allocated', 'BAR 2 has no address'],
    [
      'an offset and a length beyond the BAR',
      virtioCapability(COMMON, 4, 0x3800, 0x1000),
      'bar-offset-out-of-range',
      'offset 0x3800 + length 0x1000 is beyond BAR 4 of 0x4000 bytes',
    ],
    [
      'a structure that is too short',
      virtioCapability(COMMON, 4, 0, 0x37),
      'bar-offset-out-of-range',
      'length 55, expected at least 56',
    ],
    [
      'an unaligned structure',
      virtioCapability(COMMON, 4, 2, 0x100),
      'misaligned',
      'address 0xfe000002 in BAR 4 is not a multiple of 4',
    ],
  ])('%s', (_, capability, kind, message) => {
    expect(errorWith(capability, ...without(COMMON))).toMatchObject({
      kind,
      message: `capability COMMON_CFG: ${message}`,
    });
  });

  it.each([1, 3, 6, 12, 0x80000001])('a notify_off_multiplier of %i', (multiplier) => {
    const error = errorWith(virtioCapability(NOTIFY, 4, 0x3000, 0x1000, le32(multiplier)), ...without(NOTIFY));
    expect(error).toMatchObject({
      kind: 'invalid-notify-off-multiplier',
      message: `capability NOTIFY_CFG: notify_off_multiplier is ${multiplier}, expected 0 or an even power of 2`,
    });
  });

  it.each([0, 2, 4, 4096, 0x80000000])('a notify_off_multiplier of %i is fine', (multiplier) => {
    expect(isOpenWith(virtioCapability(NOTIFY, 4, 0x3000, 0x1000, le32(multiplier)), ...without(NOTIFY))).toBe(true);
  });

  it('a BAR without an address', () => {
    expect(tryPci(machineWithDisk({ address: 0 }).pciFunction).error.message).toBe(
      'capability COMMON_CFG: BAR 4 has no address',
    );
  });

  it('a configuration of one byte is one, of none is not', () => {
    expect(isOpenWith(virtioCapability(CONFIG, 4, 0x2000, 1), ...without(CONFIG))).toBe(true);
    expect(errorWith(virtioCapability(CONFIG, 4, 0x2000, 0), ...without(CONFIG)).kind).toBe('bar-offset-out-of-range');
  });
});

describe('W4: a notification is one write', () => {
  it('to an address that was computed and checked when the queue was enabled', () => {
    const { transport, pool, machine, disk } = begunDisk();
    const queue = new Queue();
    expect(createQueue(transport, pool, 0, 16, transport.accepted, queue) && finish(transport)).toBe(true);
    disk.answer = () => ({ delay: Number.POSITIVE_INFINITY });
    machine.accesses.length = 0;
    for (let i = 0; i < 3; i++) {
      reserve(queue, 2);
      fill(queue, 0x100000, 16, 0);
      fill(queue, 0x100010, 1, 2);
      add(queue);
      kick(queue);
    }
    expect(machine.accesses).toEqual(['write16 0xfe003000', 'write16 0xfe003000', 'write16 0xfe003000']);
  });

  it.each([1024, 0xffff])('queue_notify_off %i beyond the region is an error, and no panic later', (notifyOff) => {
    const { transport, pool, disk } = begunDisk({ faults: { notifyOff } });
    expect(createQueue(transport, pool, 0, 16, transport.accepted, new Queue())).toBe(false);
    expect(describeFault(transport)).toMatchObject({
      step: 7,
      kind: 'notify-out-of-range',
      message: `queue 0: queue_notify_off ${notifyOff} * 4, expected a place in the 4096 bytes of NOTIFY_CFG`,
    });
    expect(disk.device.rings[0]!.enabled).toBe(false);
  });

  it('at the last place of the region is fine, with NOTIFICATION_DATA one place before', () => {
    const last = begunDisk({ faults: { notifyOff: 1023 } });
    expect(createQueue(last.transport, last.pool, 0, 16, last.transport.accepted, new Queue())).toBe(true);
    const capabilities = [virtioCapability(NOTIFY, 4, 0x3000, 0x1000 - 2, le32(4)), ...without(NOTIFY)];
    const wide = begunDisk({ faults: { notifyOff: 1023 }, features: [32, 38], capabilities });
    expect(createQueue(wide.transport, wide.pool, 0, 16, wide.transport.accepted, new Queue())).toBe(false);
    const narrow = begunDisk({ faults: { notifyOff: 1023 }, features: [32], capabilities });
    expect(createQueue(narrow.transport, narrow.pool, 0, 16, narrow.transport.accepted, new Queue())).toBe(true);
  });

  it('with a huge multiplier does not wrap around', () => {
    const { transport, pool } = begunDisk({ faults: { notifyOff: 0x8000 }, notifyOffMultiplier: 0x20000 });
    expect(createQueue(transport, pool, 0, 16, transport.accepted, new Queue())).toBe(false);
    expect(describeFault(transport).kind).toBe('notify-out-of-range');
  });

  it('with a multiplier of 0 all queues share one address', () => {
    const { transport, pool } = begunDisk({ notifyOffMultiplier: 0, queueSizes: [16, 16] });
    const queue = new Queue();
    expect(createQueue(transport, pool, 1, 16, transport.accepted, queue)).toBe(true);
    expect(queue.doorbell).toBe(transport.notify.mapped);
  });
});

describe('W5: 64-bit registers are written as two halves', () => {
  it('of 32 bits, low before high', () => {
    const { transport, pool, machine, disk } = begunDisk();
    machine.accesses.length = 0;
    const queue = new Queue();
    expect(createQueue(transport, pool, 0, 16, transport.accepted, queue)).toBe(true);
    const places = machine.accesses.filter((access) => /0xfe0000[23]/.test(access));
    expect(places).toEqual([
      'write32 0xfe000020',
      'write32 0xfe000024',
      'write32 0xfe000028',
      'write32 0xfe00002c',
      'write32 0xfe000030',
      'write32 0xfe000034',
    ]);
    expect(disk.device.rings[0]!.descriptors).toBe(machine.dmaBase + queue.descriptors);
    expect(machine.accesses.some((access) => access.includes('64'))).toBe(false);
    expect(machine.violations).toEqual([]);
  });
});

describe('W6: offset + length does not wrap around', () => {
  it('offset 0xfffff000 and length 0x2000 are out of range', () => {
    const error = errorWith(virtioCapability(COMMON, 4, 0xfffff000, 0x2000), ...without(COMMON));
    expect(error).toMatchObject({
      kind: 'bar-offset-out-of-range',
      message: 'capability COMMON_CFG: offset 0xfffff000 + length 0x2000 is beyond BAR 4 of 0x4000 bytes',
    });
  });
});

describe('W7: reserved BAR numbers are ignored', () => {
  it.each([6, 0x3c, 0xff])('a capability with BAR %i is as if it were not there', (bar) => {
    expect(isOpenWith(virtioCapability(COMMON, bar, 0, 0x1000), ...usualCapabilities())).toBe(true);
    expect(errorWith(virtioCapability(COMMON, bar, 0, 0x1000), ...without(COMMON)).kind).toBe('missing-capability');
  });

  it('and so is one of a type that has no meaning', () => {
    for (const type of [0, 6, 7, 9, 10, 255]) {
      expect(isOpenWith(virtioCapability(type, 4, 0xfffff000, 1), ...usualCapabilities())).toBe(true);
    }
  });
});

describe('W8: the first usable capability wins, not the first', () => {
  it('a notification region in an I/O BAR is passed over, as QEMU lists it with modern-pio-notify', () => {
    const { pciFunction, disk } = machineWithDisk({
      capabilities: [virtioCapability(NOTIFY, 2, 0, 4, le32(0)), ...usualCapabilities()],
    });
    disk.device.pciFunction.config.setUint32(0x18, 0xc041, true);
    disk.device.pciFunction.writable.setUint32(0x18, 0xfffffffc, true);
    expect(openedPci(pciFunction).notify.bar).toBe(4);
  });

  it('with nothing behind it the I/O BAR is an error', () => {
    const { pciFunction, disk } = machineWithDisk({
      capabilities: [virtioCapability(NOTIFY, 2, 0, 4, le32(0)), ...without(NOTIFY)],
    });
    disk.device.pciFunction.config.setUint32(0x18, 0xc041, true);
    disk.device.pciFunction.writable.setUint32(0x18, 0xfffffffc, true);
    expect(tryPci(pciFunction).error).toMatchObject({
      kind: 'unexpected-io-bar',
      message: 'capability NOTIFY_CFG: BAR 2 is an I/O BAR, expected a memory BAR',
    });
  });

  it.each<[string, number[]]>([
    ['in a BAR that is not there', virtioCapability(NOTIFY, 2, 0, 0x1000, le32(4))],
    ['too short for a notification', virtioCapability(NOTIFY, 4, 0x3000, 1, le32(4))],
    ['with an odd multiplier', virtioCapability(NOTIFY, 4, 0x3000, 0x1000, le32(3))],
    ['unaligned', virtioCapability(NOTIFY, 4, 0x3001, 0x100, le32(4))],
    ['beyond the BAR by one', virtioCapability(NOTIFY, 4, 0x3000, 0x1001, le32(4))],
    ['without room for its multiplier', virtioCapability(NOTIFY, 4, 0x3000, 0x1000, [], 16)],
    ['shorter than any capability', virtioCapability(NOTIFY, 4, 0x3000, 0x1000, le32(4), 15)],
  ])('one that is %s is passed over when a usable one follows', (_, unusable) => {
    expect(isOpenWith(unusable, ...usualCapabilities())).toBe(true);
    expect(isOpenWith(...without(NOTIFY), unusable)).toBe(false);
  });

  it('of several that cannot be used, the error is about the first', () => {
    const error = errorWith(
      virtioCapability(COMMON, 4, 0, 8),
      virtioCapability(COMMON, 4, 0x10000, 0x1000),
      ...without(COMMON),
    );
    expect(error.message).toBe('capability COMMON_CFG: length 8, expected at least 56');
  });

  it('of several that can be used, the first one is', () => {
    const { pciFunction, machine } = machineWithDisk({
      capabilities: [...usualCapabilities(), virtioCapability(COMMON, 4, 0x800, 0x800)],
    });
    const transport = openedPci(pciFunction);
    machine.accesses.length = 0;
    readStatus(transport);
    expect(machine.accesses).toEqual(['read8 0xfe000014']);
  });

  it('a capability longer than its fields is fine', () => {
    expect(isOpenWith(virtioCapability(COMMON, 4, 0, 0x1000, [1, 2, 3, 4], 24), ...without(COMMON))).toBe(true);
  });

  it('a capability cut off by the end of configuration space is as if it were not there', () => {
    const { pciFunction, disk } = machineWithDisk();
    const { config } = disk.device.pciFunction;
    config.setUint8(0x34, 0xfc); // The list starts in the last four bytes, with a vendor capability.
    config.setUint8(0xfc, 0x09);
    config.setUint8(0xfd, 0x40);
    expect(tryPci(pciFunction).isOpen).toBe(true);
  });
});
