import { describe, expect, it } from 'vitest';
import { readPolled, startBlk, writePolled } from '../../../../../drivers/blk/driver.ts';
import { describeFault } from '../../../../../drivers/virtio/describe.ts';
import { begin, finish } from '../../../../../drivers/virtio/initialize.ts';
import { SimFunction } from '../../../../sim/pci.ts';
import { expectValue, machineWithDisk } from '../../../../sim/setup.ts';
import type { SimBlkOptions } from '../../../../sim/virtio/block.ts';
import { usualCapabilities, virtioCapability, windowCapability } from '../../../../sim/virtio/registers-pci.ts';
import { openedPci, setOf, tryPci } from './harness.ts';

const CAPABILITIES = [...usualCapabilities(), windowCapability()];

/** A disk whose BARs cannot be mapped. */
const unmappable = (options: SimBlkOptions = {}) => {
  const all = machineWithDisk({ capabilities: CAPABILITIES, ...options });
  all.machine.mmioLength = 0;
  return all;
};

describe('the PCI_CFG window as a self-check', () => {
  it('finds the same registers as the BAR', () => {
    const { pciFunction, machine } = machineWithDisk({ capabilities: CAPABILITIES });
    expect(openedPci(pciFunction).isWindowed).toBe(false);
    expect(machine.violations).toEqual([]);
  });

  it.each([
    [0x12, 7, 'the register at 0x12 reads 7 through PCI_CFG and 1 through its BAR'],
    [0x14, 3, 'the register at 0x14 reads 3 through PCI_CFG and 0 through its BAR'],
  ])('refuses a device that shows another register at 0x%s there', (offset, value, message) => {
    const { pciFunction } = machineWithDisk({
      capabilities: CAPABILITIES,
      faults: { windowLies: { [offset]: value } },
    });
    const { isOpen, error } = tryPci(pciFunction);
    expect(isOpen).toBe(false);
    expect(error).toMatchObject({ step: 0, kind: 'window-mismatch', message: `common configuration: ${message}` });
  });

  it('is left out where there is no window', () => {
    expect(openedPci(machineWithDisk().pciFunction).windowCapability).toBe(0);
  });

  it('is left alone behind the host bridge on which QEMU ends when it is used', () => {
    const { pciFunction, machine, disk } = machineWithDisk({ capabilities: CAPABILITIES });
    machine.pci?.add(0, 0, new SimFunction({ vendorId: 0x1b36, deviceId: 0x0008 }));
    expect(openedPci(pciFunction).windowCapability).toBe(0);
    const offsets = disk.device.pciFunction.writes.map((write) => Number(write.split(' ')[1]));
    expect(offsets.filter((offset) => offset >= 0x40)).toEqual([]); // Where capabilities are.
  });
});

describe('the PCI_CFG window in place of BARs that cannot be mapped', () => {
  it('leads to every register, and a disk works through it', () => {
    const { pciFunction, machine, disk, pool } = unmappable({ sectors: 8, serialNumber: 'WINDOW' });
    const transport = openedPci(pciFunction);
    expect(transport.isWindowed).toBe(true);
    const block = expectValue(startBlk(transport, pool));
    expect([block.capacitySectors, block.serialNumber]).toEqual([8, 'WINDOW']);
    const bytes = new Uint8Array(512).fill(0x5a);
    expectValue(writePolled(block, 3, bytes));
    expect(disk.disk.subarray(3 * 512, 4 * 512)).toEqual(bytes);
    expect(machine.accesses).toEqual([]);
    expect(machine.violations).toEqual([]);
  });

  it('does not lead to what lies beyond its 32 bits: then there is no way', () => {
    const { pciFunction, disk } = unmappable({
      capabilities: [virtioCapability(1, 2, 0xfffff000, 0x2000), ...CAPABILITIES],
    });
    const { config, writable } = disk.device.pciFunction;
    config.setUint32(0x18, 0xc, true); // BAR 2: 64 bits, 16 GiB at 64 GiB.
    config.setUint32(0x1c, 16, true);
    writable.setUint32(0x1c, 0xfffffffc, true);
    expect(tryPci(pciFunction).error.kind).toBe('map-failed');
  });

  it('carries NOTIFICATION_DATA and NOTIF_CONFIG_DATA too', () => {
    const { pciFunction, disk, machine, pool } = unmappable({ features: [9, 32, 38, 39] });
    const block = expectValue(startBlk(openedPci(pciFunction), pool));
    expectValue(readPolled(block, 0, new Uint8Array(512)));
    expect(disk.device.lastNotification % 65536).toBe(0x500);
    expect(machine.violations).toEqual([]);
  });

  it('reports what goes wrong like any other way', () => {
    const { pciFunction } = unmappable({ features: [9] });
    const transport = openedPci(pciFunction);
    expect(begin(transport, setOf([])) && finish(transport)).toBe(false);
    expect(describeFault(transport).kind).toBe('missing-features');
  });
});
