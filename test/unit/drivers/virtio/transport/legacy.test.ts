import { describe, expect, it } from 'vitest';
import { flushPolled, readPolled, startBlk, writePolled } from '../../../../../drivers/blk/driver.ts';
import { readConfig32 } from '../../../../../drivers/virtio/config.ts';
import { describeFault } from '../../../../../drivers/virtio/describe.ts';
import { createQueue } from '../../../../../drivers/virtio/queue/create.ts';
import { Queue } from '../../../../../drivers/virtio/queue/record.ts';
import { TRANSPORT_PCI, TRANSPORT_PCI_LEGACY } from '../../../../../drivers/virtio/transport/record.ts';
import { acknowledgeInterrupt, enableQueue, queueSizeMax } from '../../../../../drivers/virtio/transport/transport.ts';
import { expectValue, machineWithDisk } from '../../../../sim/setup.ts';
import type { SimBlkOptions } from '../../../../sim/virtio/block.ts';
import { virtioCapability } from '../../../../sim/virtio/registers-pci.ts';
import { begunDisk, openedDisk, openedPci, tryPci } from './harness.ts';

const LEGACY: SimBlkOptions = { transport: 'pci-legacy', features: [6, 9, 28, 29] };

describe('a legacy PCI device', () => {
  it('is one with a transitional id and without virtio capabilities', () => {
    const { pciFunction, disk } = machineWithDisk(LEGACY);
    expect(openedPci(pciFunction).kind).toBe(TRANSPORT_PCI_LEGACY);
    expect(disk.device.pciFunction.command & 7).toBe(1);
  });

  it('is not one that has both interfaces', () => {
    const { pciFunction } = machineWithDisk({ transport: 'pci-transitional' });
    expect(openedPci(pciFunction).kind).toBe(TRANSPORT_PCI);
  });

  it('is not one whose modern interface is there and wrong', () => {
    const { pciFunction } = machineWithDisk({
      transport: 'pci-transitional',
      capabilities: [virtioCapability(1, 4, 0x10000, 0x1000)],
    });
    expect(tryPci(pciFunction).error.kind).toBe('bar-offset-out-of-range');
  });

  it('is not one with a modern id: that lacks its capabilities', () => {
    const { pciFunction } = machineWithDisk({ ...LEGACY, deviceId: 0x1042 });
    expect(tryPci(pciFunction).error.kind).toBe('missing-capability');
  });

  it('whose ports have no address is refused', () => {
    const { pciFunction } = machineWithDisk({ ...LEGACY, address: 0 });
    expect(tryPci(pciFunction).error).toMatchObject({
      kind: 'bar-not-allocated',
      message: 'legacy interface: BAR 0 has no address',
    });
  });

  it('reads, writes and flushes', () => {
    const { pciFunction, disk, machine, pool } = machineWithDisk({ ...LEGACY, serialNumber: 'OLD' });
    const block = expectValue(startBlk(openedPci(pciFunction), pool));
    expect([block.name, block.serialNumber]).toEqual(['0000:00:02.0 virtio-blk (legacy)', 'OLD']);
    const bytes = new Uint8Array(1024).fill(0x77);
    expectValue(writePolled(block, 1, bytes));
    expectValue(flushPolled(block));
    const found = new Uint8Array(1024);
    expectValue(readPolled(block, 1, found));
    expect(found).toEqual(bytes);
    expect(disk.flushes).toBe(1);
    expect(machine.violations).toEqual([]);
  });

  it('has its configuration 4 bytes later while MSI-X is enabled', () => {
    const { pciFunction, machine, disk } = machineWithDisk({ ...LEGACY, vectors: 2 }); // At 0x40, as QEMU's.
    const transport = openedPci(pciFunction);
    machine.accesses.length = 0;
    readConfig32(transport, 0);
    disk.device.pciFunction.config.setUint16(0x42, 0x8000, true);
    readConfig32(transport, 0);
    expect(machine.accesses).toEqual(['in32 0xc014', 'in32 0xc018']);
    expect(machine.violations).toEqual([]);
  });

  it('tells why it interrupts, once', () => {
    const { transport, device } = openedDisk(LEGACY);
    device.interruptReasons = 3;
    expect([acknowledgeInterrupt(transport), acknowledgeInterrupt(transport)]).toEqual([3, 0]);
  });
});

describe('a queue of a legacy PCI device', () => {
  it('has the size that the device says, whatever the driver wants, and lies at a page', () => {
    const { transport, pool, device, machine } = begunDisk({ ...LEGACY, queueSizes: [64] });
    const queue = new Queue();
    expect(createQueue(transport, pool, 0, 16, transport.accepted, queue)).toBe(true);
    const [ring] = device.rings;
    expect([queue.size, ring!.size, ring!.enabled]).toEqual([64, 64, true]);
    expect([ring!.descriptors, ring!.driver, ring!.device].map((address) => address - machine.dmaBase)).toEqual([
      queue.descriptors,
      queue.driver,
      queue.device,
    ]);
    expect(machine.violations).toEqual([]);
  });

  it('of another size, or elsewhere, is refused', () => {
    const { transport, pool } = begunDisk({ ...LEGACY, queueSizes: [64, 64] });
    const queue = new Queue();
    expect(createQueue(transport, pool, 0, 64, transport.accepted, queue)).toBe(true);
    queue.index = 1;
    queue.size = 32;
    expect(enableQueue(transport, queue)).toBe(false);
    expect(describeFault(transport).kind).toBe('queue-size');
    queue.size = 64;
    queue.device += 4096;
    expect(enableQueue(transport, queue)).toBe(false);
    expect(describeFault(transport).kind).toBe('queue-layout');
    queue.descriptors += 64;
    queue.driver += 64;
    queue.device -= 4096 - 64;
    expect(enableQueue(transport, queue)).toBe(false);
    expect(describeFault(transport).message).toContain('a legacy device expects a multiple of 4096');
  });

  it('that it does not have is refused', () => {
    const { transport, pool } = begunDisk(LEGACY);
    expect(queueSizeMax(transport, 7)).toBe(0);
    expect(createQueue(transport, pool, 7, 64, transport.accepted, new Queue())).toBe(false);
    expect(describeFault(transport)).toMatchObject({ kind: 'queue-missing', message: 'the device has no queue 7' });
  });
});
