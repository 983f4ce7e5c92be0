import { describe, expect, it } from 'vitest';
import { describeFault } from '../../../../../drivers/virtio/describe.ts';
import type { Transport } from '../../../../../drivers/virtio/transport/record.ts';
import { mapSharedMemory, SharedMemory, sharedMemory } from '../../../../../drivers/virtio/transport/shared-memory.ts';
import { machineWithDisk } from '../../../../sim/setup.ts';
import { sharedMemoryCapability, usualCapabilities } from '../../../../sim/virtio/registers-pci.ts';
import { openedDisk, openedPci } from './harness.ts';

const GIB = 2 ** 30;

/** A device with a 64-bit BAR of 16 GiB at 64 GiB beside its registers, and these capabilities. */
const withBar2 = (...capabilities: number[][]): Transport => {
  const { pciFunction, disk } = machineWithDisk({ capabilities: [...usualCapabilities(), ...capabilities] });
  const { config, writable } = disk.device.pciFunction;
  config.setUint32(0x18, 0xc, true);
  config.setUint32(0x1c, 16, true);
  writable.setUint32(0x1c, 0xfffffffc, true);
  return openedPci(pciFunction);
};

const found = (transport: Transport, id: number): SharedMemory | undefined => {
  const region = new SharedMemory();
  return sharedMemory(transport, id, region) ? region : undefined;
};

describe('shared memory of a PCI device', () => {
  it('is found by its id, with 64 bits of offset and length, and not mapped before it is asked for', () => {
    const transport = withBar2(sharedMemoryCapability(0, 4, 0, 0x1000), sharedMemoryCapability(1, 2, 5 * GIB, 6 * GIB));
    expect(found(transport, 1)).toMatchObject({ id: 1, address: 69 * GIB, length: 6 * GIB, mappedLength: 0 });
    expect(found(transport, 0)).toMatchObject({ address: 0xfe000000, length: 0x1000 });
  });

  it('that is not there is an error with its id', () => {
    const transport = withBar2();
    expect(found(transport, 3)).toBeUndefined();
    expect(describeFault(transport).message).toBe('the device has no shared-memory region 3');
  });

  it.each<[string, number[]]>([
    ['leaves its BAR', sharedMemoryCapability(1, 2, 12 * GIB, 5 * GIB)],
    ['would wrap around in 64 bits', [...sharedMemoryCapability(1, 2, 0, 0).slice(0, 16), 0, 0, 0, 0xff, 0, 0, 0, 1]],
    ['is in a BAR that is not there', sharedMemoryCapability(1, 0, 0, 0x1000)],
    ['is in a reserved BAR', sharedMemoryCapability(1, 6, 0, 0x1000)],
    ['is empty', sharedMemoryCapability(1, 2, 0, 0)],
    ['has no room for its upper halves', sharedMemoryCapability(1, 2, 0, 0x1000).map((b, i) => (i === 2 ? 16 : b))],
  ])('that %s is as if it were not there', (_, capability) => {
    expect(found(withBar2(capability), 1)).toBeUndefined();
  });

  it('is mapped as far as a driver asks', () => {
    const transport = withBar2(sharedMemoryCapability(1, 2, 0, 6 * GIB));
    const region = found(transport, 1)!;
    expect(mapSharedMemory(transport, region, 0x100000)).toBe(true);
    expect(region.mappedLength).toBe(0x100000);
    expect(mapSharedMemory(transport, region, 0xffffffff)).toBe(false);
    expect(describeFault(transport).message).toContain('shared-memory region 1 at 0x1000000000: 4294967295 bytes');
  });

  it('is not mapped beyond its end', () => {
    const transport = withBar2(sharedMemoryCapability(1, 2, 0, 0x1000));
    expect(mapSharedMemory(transport, found(transport, 1)!, 0x1001)).toBe(false);
  });
});

describe('shared memory of a virtio-mmio device', () => {
  it('is found by its id', () => {
    const sharedMemory = { 2: { address: 5 * GIB, length: 3 * GIB } };
    const { transport } = openedDisk({ transport: 'mmio', sharedMemory });
    expect(found(transport, 2)).toMatchObject({ address: 5 * GIB, length: 3 * GIB });
    expect(found(transport, 1)).toBeUndefined();
  });

  it('of version 1 does not exist', () => {
    const { transport } = openedDisk({ transport: 'mmio-legacy', features: [] });
    expect(found(transport, 0)).toBeUndefined();
  });
});
