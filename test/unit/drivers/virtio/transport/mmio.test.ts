import { describe, expect, it } from 'vitest';
import { flushPolled, readPolled, startBlk, writePolled } from '../../../../../drivers/blk/driver.ts';
import { describeFault, transportName } from '../../../../../drivers/virtio/describe.ts';
import { openMmio } from '../../../../../drivers/virtio/transport/mmio.ts';
import { TRANSPORT_MMIO, TRANSPORT_MMIO_LEGACY, Transport } from '../../../../../drivers/virtio/transport/record.ts';
import { acknowledgeInterrupt } from '../../../../../drivers/virtio/transport/transport.ts';
import { expectValue, machineWithDisk } from '../../../../sim/setup.ts';
import type { SimBlkOptions } from '../../../../sim/virtio/block.ts';
import { openedDisk, SLOT, SLOT_LENGTH } from './harness.ts';

/** Tries to open what is in the slot. */
const tryMmio = (options: SimBlkOptions, length = SLOT_LENGTH) => {
  const all = machineWithDisk({ transport: 'mmio', ...options });
  const transport = new Transport();
  const isOpen = openMmio(SLOT, length, transport);
  return { ...all, transport, isOpen, error: describeFault(transport) };
};

describe('opening a virtio-mmio device', () => {
  it('of version 2 reads who it is and nothing else', () => {
    const { transport, isOpen, machine, disk } = tryMmio({});
    expect([isOpen, transport.kind, transport.deviceType]).toEqual([true, TRANSPORT_MMIO, 2]);
    expect(transportName(transport)).toBe('mmio@0xfeb00e00 virtio-blk');
    expect(machine.accesses).toEqual(['read32 0xfeb00e00', 'read32 0xfeb00e04', 'read32 0xfeb00e08']);
    expect(disk.device.statusWrites).toEqual([]);
  });

  it('of version 1 says that it is legacy', () => {
    const { transport, isOpen } = tryMmio({ transport: 'mmio-legacy' });
    expect([isOpen, transport.kind]).toEqual([true, TRANSPORT_MMIO_LEGACY]);
    expect(transportName(transport)).toBe('mmio@0xfeb00e00 virtio-blk (legacy)');
  });

  it('with another magic value is refused, and no other register is read', () => {
    const { isOpen, error, machine } = tryMmio({ faults: { magic: 0x74726977 } });
    expect(isOpen).toBe(false);
    expect(error).toMatchObject({
      step: 0,
      kind: 'bad-magic',
      message: 'MagicValue reads 0x74726977, expected 0x74726976',
    });
    expect(machine.accesses).toHaveLength(1);
  });

  it.each([0, 3, 0xffffffff])('of version %i is refused', (version) => {
    const { isOpen, error } = tryMmio({ faults: { version } });
    expect(isOpen).toBe(false);
    expect(error).toMatchObject({ kind: 'unsupported-version', message: `Version reads ${version}, expected 1 or 2` });
  });

  it('whose registers are too few is refused before they are touched', () => {
    const { isOpen, error, machine } = tryMmio({}, 0xff);
    expect(isOpen).toBe(false);
    expect(error).toMatchObject({ kind: 'mmio-region-too-small' });
    expect(machine.accesses).toEqual([]);
  });

  it('that cannot be mapped is refused', () => {
    const all = machineWithDisk({ transport: 'mmio' });
    all.machine.mmioLength = 0;
    const transport = new Transport();
    expect(openMmio(SLOT, SLOT_LENGTH, transport)).toBe(false);
    expect(describeFault(transport).message).toBe('registers: 512 bytes at 0xfeb00e00 do not fit in the MMIO window');
  });

  it('with 0x100 bytes has no configuration', () => {
    const { transport, isOpen } = tryMmio({}, 0x100);
    expect([isOpen, transport.configLength]).toEqual([true, 0]);
  });
});

describe.each(['mmio', 'mmio-legacy'] as const)('a disk over %s', (transport) => {
  it('reads, writes and flushes', () => {
    const {
      transport: opened,
      disk,
      machine,
      pool,
    } = openedDisk({
      transport,
      features: [6, 9, 28, 29, 32],
      serialNumber: 'SLOT',
    });
    const block = expectValue(startBlk(opened, pool));
    expect([block.capacitySectors, block.serialNumber]).toEqual([64, 'SLOT']);
    const bytes = new Uint8Array(1024).fill(0x11);
    expectValue(writePolled(block, 1, bytes));
    expectValue(flushPolled(block));
    const found = new Uint8Array(1024);
    expectValue(readPolled(block, 1, found));
    expect(found).toEqual(bytes);
    expect(disk.flushes).toBe(1);
    expect(machine.violations).toEqual([]);
  });

  it('tells why it interrupts, once, and bits without a meaning are left alone', () => {
    const { transport: opened, device, machine } = openedDisk({ transport, features: [32] });
    device.interruptReasons = 0x86;
    expect([acknowledgeInterrupt(opened), acknowledgeInterrupt(opened)]).toEqual([2, 0]);
    expect(device.interruptReasons).toBe(0x84);
    expect(machine.violations).toEqual([]);
  });
});
