import { describe, expect, it } from 'vitest';
import { startDevices } from '../../../drivers/table.ts';
import { startLog, stopLog } from '../../../kernel/base/log.ts';
import { DmaPool, dmaPoolStart } from '../../../kernel/hal/dma-pool.ts';
import { PciTree } from '../../../kernel/pci/function.ts';
import { startPci } from '../../../kernel/pci/start.ts';
import { installMachine, SimMachine } from '../../sim/machine.ts';
import { SimBus, SimFunction, type SimRegisters } from '../../sim/pci.ts';
import { SimBlkDevice } from '../../sim/virtio/block.ts';

const SLOT = 0xfeb00e00;

const emptyMachine = (): SimMachine => {
  const machine = installMachine(new SimMachine(4 * 2 ** 20));
  machine.pci = new SimBus();
  return machine;
};

/** Starts everything on the machine. Returns the names of what works, and the places of what does not with what is wrong there. */
const startAll = (): string[] => {
  const tree = new PciTree();
  startPci(tree);
  const pool = new DmaPool();
  dmaPoolStart(pool);
  const { devices, failures } = startDevices(tree, pool);
  return [...devices.map(({ block }) => block.name), ...failures.map(({ place, error }) => `${place}: ${error.kind}`)];
};

/** A slot with a device of this type in it, which no driver is for; of type 0, an empty one. */
const slotWith = (deviceType: number): SimRegisters => ({
  read: (offset) => [0x74726976, 2, deviceType][offset / 4] ?? 0,
  write: () => {},
});

describe('the devices of a machine', () => {
  it('are found on both buses, those on PCI first', () => {
    const machine = emptyMachine();
    machine.pci!.add(2, 0, new SimBlkDevice(machine).device.pciFunction);
    machine.pci!.add(3, 0, new SimFunction());
    new SimBlkDevice(machine, { transport: 'mmio' });
    expect(startAll()).toEqual(['0000:00:02.0 virtio-blk', 'mmio@0xfeb00e00 virtio-blk']);
    expect(machine.violations).toEqual([]);
  });

  it('are as many as there are slots with a device in them: an empty one is no error', () => {
    const machine = emptyMachine();
    machine.addRegisters(0xfeb00000, 0x200, slotWith(0));
    new SimBlkDevice(machine, { transport: 'mmio-legacy', features: [9] });
    expect(startAll()).toEqual(['mmio@0xfeb00e00 virtio-blk (legacy)']);
  });

  it('that no driver is for are passed over', () => {
    const machine = emptyMachine();
    machine.addRegisters(SLOT, 0x200, slotWith(4));
    machine.pci!.add(2, 0, new SimFunction({ vendorId: 0x1af4, deviceId: 0x1044 }));
    expect(startAll()).toEqual([]);
  });

  it('that fail do not keep the others from starting', () => {
    const machine = emptyMachine();
    machine.pci!.add(2, 0, new SimBlkDevice(machine, { capabilities: [] }).device.pciFunction);
    machine.pci!.add(3, 0, new SimBlkDevice(machine, { address: 0xfe100000 }).device.pciFunction);
    new SimBlkDevice(machine, { transport: 'mmio', faults: { version: 3 } });
    expect(startAll()).toEqual([
      '0000:00:03.0 virtio-blk',
      '0000:00:02.0: missing-capability',
      'mmio@0xfeb00e00: unsupported-version',
    ]);
  });

  it('may be named on the command line alone, and twice is once', () => {
    const machine = emptyMachine();
    new SimBlkDevice(machine, { transport: 'mmio' });
    machine.commandLine = `virtio_mmio.device=512@0x${SLOT.toString(16)}:12`;
    expect(startAll()).toHaveLength(1);
    machine.mmioSlots = [];
    expect(startAll()).toEqual(['mmio@0xfeb00e00 virtio-blk']);
  });

  it('a slot may be said to be longer than any device is', () => {
    const machine = emptyMachine();
    new SimBlkDevice(machine, { transport: 'mmio' });
    machine.mmioSlots = [];
    machine.commandLine = `virtio_mmio.device=8G@0x${SLOT.toString(16)}:12`;
    expect(startAll()).toHaveLength(1);
  });

  it('an option that names none is said, and the others start', () => {
    const machine = emptyMachine();
    new SimBlkDevice(machine, { transport: 'mmio' });
    machine.commandLine = 'virtio_mmio.device=nothing';
    const lines: string[] = [];
    startLog((line) => lines.push(line), 'error');
    expect(startAll()).toHaveLength(1);
    stopLog();
    expect(lines).toEqual([expect.stringContaining('virtio_mmio.device=nothing is not')]);
  });
});
