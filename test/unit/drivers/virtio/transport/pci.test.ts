import { describe, expect, it } from 'vitest';
import { openPciTransport } from '../../../../../drivers/virtio/transport/pci.ts';
import type { Transport, TransportError } from '../../../../../drivers/virtio/transport/transport.ts';
import { SimFunction } from '../../../../sim/pci.ts';
import { expectError, expectValue, machineWith, machineWithDisk } from '../../../../sim/setup.ts';
import { le32, usualCapabilities, virtioCapability } from '../../../../sim/virtio/device.ts';

const COMMON = 1;
const NOTIFY = 2;
const ISR = 3;
const CONFIG = 4;

/** Opens the transport of a disk that lists these capabilities before, or in place of, the usual ones. */
const openWith = (capabilities: readonly (readonly number[])[]): ReturnType<typeof openPciTransport> =>
  openPciTransport(machineWithDisk({ capabilities }).pciFunction);

const without = (type: number): number[][] => usualCapabilities().filter((capability) => capability[3] !== type);

const errorWith = (...capabilities: readonly (readonly number[])[]): TransportError =>
  expectError(openWith(capabilities));

describe('opening the transport', () => {
  it('of a virtio device works, and turns on memory decoding but not bus mastering', () => {
    const { pciFunction, disk, machine } = machineWithDisk();
    const transport = expectValue(openPciTransport(pciFunction));
    expect(transport.name).toBe('0000:00:02.0 virtio-blk');
    expect(disk.device.pciFunction.command & 6).toBe(2);
    expect(machine.accesses).toEqual([]);
  });

  it('of another function is refused with its ids', () => {
    const { pciFunction } = machineWith(new SimFunction({ vendorId: 0x8086, deviceId: 0x1001 }));
    expect(expectError(openPciTransport(pciFunction))).toMatchObject({ kind: 'not-virtio' });
    expect(expectError(openPciTransport(pciFunction)).message).toContain('8086:1001');
  });

  it.each([
    [COMMON, 'COMMON_CFG'],
    [NOTIFY, 'NOTIFY_CFG'],
    [ISR, 'ISR_CFG'],
  ])('without capability %i is refused by name', (type, name) => {
    expect(errorWith(...without(type))).toEqual({
      kind: 'missing-capability',
      message: `no capability ${name} in the list`,
    });
  });

  it('a device without a configuration of its own has a length of 0', () => {
    expect(expectValue(openWith(without(CONFIG))).configLength).toBe(0);
  });

  it('the list of a legacy device, with nothing of virtio in it, is refused', () => {
    expect(errorWith([0x11, 0, 0, 0])).toMatchObject({ kind: 'missing-capability' });
  });

  it('a list that loops is refused', () => {
    const { pciFunction, disk } = machineWithDisk();
    disk.device.pciFunction.config.setUint8(0x41, 0x40);
    expect(expectError(openPciTransport(pciFunction)).kind).toBe('bad-capability-list');
  });

  it('a BAR that cannot be is refused', () => {
    const { pciFunction, disk } = machineWithDisk();
    disk.device.pciFunction.config.setUint32(0x10, 6, true);
    expect(expectError(openPciTransport(pciFunction)).kind).toBe('bad-bar');
  });

  it('an MMIO window that is full is an error', () => {
    const { pciFunction, machine } = machineWithDisk();
    machine.mmioLength = 0x1000;
    expect(expectError(openPciTransport(pciFunction)).kind).toBe('map-failed');
  });
});

describe('the choice among capabilities', () => {
  it('an offset near 2^32 does not wrap around into the BAR', () => {
    const error = errorWith(virtioCapability(COMMON, 4, 0xfffff000, 0x2000), ...without(COMMON));
    expect(error.kind).toBe('unusable-capability');
    expect(error.message).toContain('offset 0xfffff000 + length 0x2000 is beyond BAR 4');
  });

  it.each([6, 0x3c, 0xff])('one with the reserved BAR number %i is as if it were not there', (bar) => {
    expect(openWith([virtioCapability(COMMON, bar, 0, 0x1000), ...usualCapabilities()]).ok).toBe(true);
    expect(errorWith(virtioCapability(COMMON, bar, 0, 0x1000), ...without(COMMON)).kind).toBe('missing-capability');
  });

  it('an unusable one is passed over when a usable one follows', () => {
    for (const unusable of [
      virtioCapability(NOTIFY, 2, 0, 0x1000, le32(4)), // No such BAR.
      virtioCapability(NOTIFY, 4, 0x3000, 1, le32(4)), // Too short for a notification.
      virtioCapability(NOTIFY, 4, 0x3000, 0x1000, le32(3)), // Odd multiplier.
      virtioCapability(NOTIFY, 4, 0x3001, 0x100, le32(4)), // Unaligned.
      virtioCapability(NOTIFY, 4, 0x3000, 0x1000, [], 16), // No multiplier.
      virtioCapability(NOTIFY, 4, 0x3000, 0x1001, le32(4)), // Beyond the BAR by one.
    ]) {
      expect(openWith([unusable, ...usualCapabilities()]).ok, unusable.join()).toBe(true);
      expect(errorWith(...without(NOTIFY), unusable).kind, unusable.join()).toBe('unusable-capability');
    }
  });

  it('the first usable one wins', () => {
    const { pciFunction, machine } = machineWithDisk({
      capabilities: [...usualCapabilities(), virtioCapability(COMMON, 4, 0x800, 0x800)],
    });
    expectValue(openPciTransport(pciFunction)).readStatus();
    expect(machine.accesses).toEqual(['read8 0xfe000014']);
  });

  it('a capability longer than its fields is fine', () => {
    expect(openWith([virtioCapability(COMMON, 4, 0, 0x1000, [1, 2, 3, 4], 24), ...without(COMMON)]).ok).toBe(true);
  });

  it('a notification region in an I/O BAR is passed over, as QEMU lists it with modern-pio-notify', () => {
    const { pciFunction, disk } = machineWithDisk({
      capabilities: [virtioCapability(NOTIFY, 2, 0, 4, le32(0)), ...usualCapabilities()],
    });
    disk.device.pciFunction.config.setUint32(0x18, 0xc041, true);
    disk.device.pciFunction.writable.setUint32(0x18, 0xfffffffc, true);
    expect(openPciTransport(pciFunction).ok).toBe(true);
  });

  it('a BAR without an address is named', () => {
    const { pciFunction } = machineWithDisk({ address: 0 });
    expect(expectError(openPciTransport(pciFunction)).message).toBe('capability COMMON_CFG: BAR 4 has no address');
  });

  it('a capability cut off by the end of configuration space is as if it were not there', () => {
    const { pciFunction, disk } = machineWithDisk();
    const { config } = disk.device.pciFunction;
    config.setUint8(0x34, 0xfc); // The list starts in the last four bytes, with a vendor capability.
    config.setUint8(0xfc, 0x09);
    config.setUint8(0xfd, 0x40);
    expect(openPciTransport(pciFunction).ok).toBe(true);
  });
});

describe('a queue', () => {
  const place = { size: 16, descriptors: 0x1000, driver: 0x1100, device: 0x1200 };

  const started = (options: Parameters<typeof machineWithDisk>[0] = {}) => {
    const all = machineWithDisk(options);
    const transport: Transport = expectValue(openPciTransport(all.pciFunction));
    transport.writeStatus(1 | 2 | 8);
    return { ...all, transport };
  };

  it('is enabled with 32-bit halves, and its notification address is checked once', () => {
    const { transport, disk, machine } = started();
    expectValue(transport.enableQueue(0, place));
    const [ring] = disk.device.rings;
    expect(ring).toMatchObject({ enabled: true, size: 16, descriptors: machine.dmaBase + 0x1000 });
    expect(machine.violations).toEqual([]);
    expect(machine.accesses.some((access) => access.includes('64'))).toBe(false);
  });

  it('that the device does not have is refused', () => {
    const { transport } = started();
    expect(transport.queueSizeMax(1)).toBe(0);
    expect(expectError(transport.enableQueue(1, place)).kind).toBe('queue-missing');
    expect(transport.queueSizeMax(65535)).toBe(0);
  });

  it('of size 0 in its register does not exist', () => {
    const { transport } = started({ queueSizes: [0] });
    expect(expectError(transport.enableQueue(0, place)).kind).toBe('queue-missing');
  });

  it('longer than the device allows is refused', () => {
    const { transport } = started();
    expect(expectError(transport.enableQueue(0, { ...place, size: 32 })).kind).toBe('queue-size');
  });

  it('that is enabled already is refused', () => {
    const { transport } = started();
    expectValue(transport.enableQueue(0, place));
    expect(expectError(transport.enableQueue(0, place)).kind).toBe('queue-in-use');
  });

  it.each([1024, 0xffff])('with queue_notify_off %i beyond the region is refused, and not enabled', (notifyOff) => {
    const { transport, disk } = started({ faults: { notifyOff } });
    const error = expectError(transport.enableQueue(0, place));
    expect(error.kind).toBe('notify-out-of-range');
    expect(error.message).toContain(`queue_notify_off ${notifyOff} * 4`);
    expect(disk.device.rings[0]!.enabled).toBe(false);
  });

  it('at the last place of the region is fine', () => {
    const { transport } = started({ faults: { notifyOff: 1023 } });
    expect(transport.enableQueue(0, place).ok).toBe(true);
  });

  it('with a huge multiplier does not wrap around', () => {
    const { transport } = started({
      faults: { notifyOff: 0x8000 },
      capabilities: usualCapabilities(0x20000),
      notifyOffMultiplier: 0x20000,
    });
    expect(expectError(transport.enableQueue(0, place)).kind).toBe('notify-out-of-range');
  });

  it('with a multiplier of 0 shares its address with the others', () => {
    const { transport } = started({ capabilities: usualCapabilities(0), notifyOffMultiplier: 0 });
    expect(transport.enableQueue(0, place).ok).toBe(true);
  });
});

describe('the device configuration', () => {
  it('is read field by field at its own width', () => {
    const { pciFunction, machine } = machineWithDisk({ sectors: 64 });
    const transport = expectValue(openPciTransport(pciFunction));
    expect([transport.readConfig32(0), transport.readConfig16(0), transport.readConfig8(0)]).toEqual([64, 64, 64]);
    expect(machine.accesses).toEqual(['read32 0xfe002000', 'read16 0xfe002000', 'read8 0xfe002000']);
  });

  it('beyond its end is our own mistake', () => {
    const transport = expectValue(openWith(usualCapabilities()));
    expect(() => transport.readConfig32(0xffe)).toThrow('assertion failed');
  });
});
