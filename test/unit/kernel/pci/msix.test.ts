import { describe, expect, it } from 'vitest';
import { interruptAllocate, interruptNext, VECTOR_NONE } from '../../../../kernel/hal/interrupts.ts';
import { describePciFault } from '../../../../kernel/pci/describe.ts';
import {
  disableMsix,
  enableMsix,
  findMsix,
  isMsixPending,
  MsixTable,
  maskMsix,
  maskMsixVector,
  setMsixVector,
  unmaskMsix,
  unmaskMsixVector,
} from '../../../../kernel/pci/msix.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { MSIX_BAR_SIZE, msixCapability, SimMsix, type SimMsixFaults } from '../../../sim/msix.ts';
import { SimBus, SimFunction } from '../../../sim/pci.ts';
import { DEVICE, functionAt } from '../../../sim/setup.ts';

const BAR = 2;
const ADDRESS = 0xfe000000;
const COMMAND = 0x04;
const CONTROL = 0x42;
const MEMORY = 2;
const BUS_MASTER = 4;
const PIN_DISABLED = 0x400;
const ENABLE = 0x8000;
const MASK_ALL = 0x4000;

interface Wrong extends SimMsixFaults {
  readonly address?: number;
  readonly table?: number;
  readonly mmioLength?: number;
}

/** A function with `count` vectors that may reach memory. */
const functionWith = (count: number, wrong: Wrong = {}) => {
  const machine = installMachine(new SimMachine());
  if (wrong.mmioLength !== undefined) machine.mmioLength = wrong.mmioLength;
  machine.pci = new SimBus();
  const msix: SimMsix = new SimMsix(machine, () => sim, count, wrong);
  const sim = new SimFunction({
    capabilities: [msixCapability(count, BAR, wrong.table)],
    bars: [{ index: BAR, size: MSIX_BAR_SIZE, address: wrong.address ?? ADDRESS, registers: msix }],
  });
  msix.attach();
  machine.pci.add(DEVICE, 0, sim);
  sim.write(COMMAND, 2, BUS_MASTER);
  return { machine, msix, sim, pciFunction: functionAt(DEVICE * 8), table: new MsixTable() };
};

/** The same, with MSI-X on and still masked. */
const enabled = (count: number) => {
  const all = functionWith(count);
  expect(findMsix(all.pciFunction, all.table) && enableMsix(all.table)).toBe(true);
  return all;
};

/** The same, with entry 0 to be sent as the vector that is returned. */
const opened = (count: number) => {
  const all = enabled(count);
  const vector = interruptAllocate();
  expect(setMsixVector(all.table, 0, vector)).toBe(true);
  unmaskMsixVector(all.table, 0);
  unmaskMsix(all.table);
  return { ...all, vector };
};

describe('MSI-X of a function', () => {
  it('is found and mapped, and nothing is turned on but memory', () => {
    const { pciFunction, table, sim } = functionWith(65);
    expect(findMsix(pciFunction, table)).toBe(true);
    expect(table).toMatchObject({ address: DEVICE * 8, capability: 0x40, vectorCount: 65 });
    expect([sim.command, sim.config.getUint16(CONTROL, true)]).toEqual([MEMORY | BUS_MASTER, 64]);
  });

  it.each<[string, Wrong, string]>([
    ['a table outside its BAR', { table: 0x1000 }, 'MSI-X: the table is at 0x1000 + 0x20 bytes in BAR 2'],
    [
      'a BAR without an address',
      { address: 0 },
      'MSI-X: a table is at 0x0 + 0x20 bytes in BAR 2, which cannot be mapped',
    ],
    ['no room in the MMIO window', { mmioLength: 0 }, 'MSI-X: a table is at 0x0 + 0x20 bytes in BAR 2'],
    ['no room for the pending bits', { mmioLength: 0x1000 }, 'MSI-X: a table is at 0x800 + 0x8 bytes in BAR 2'],
  ])('with %s cannot be used, and says why', (_, wrong, message) => {
    const { pciFunction, table } = functionWith(2, wrong);
    expect(findMsix(pciFunction, table)).toBe(false);
    expect(table.capability).toBe(0);
    expect(describePciFault(pciFunction.fault)).toContain(message);
  });

  it('comes on with every entry and the function masked, and the pin off', () => {
    const { machine, sim, msix, table } = enabled(3);
    expect(sim.config.getUint16(CONTROL, true)).toBe(ENABLE | MASK_ALL | 2);
    expect(sim.command & PIN_DISABLED).toBe(PIN_DISABLED);
    unmaskMsix(table);
    expect([0, 1, 2].map((entry) => msix.isOpen(entry))).toEqual([false, false, false]);
    expect(machine.violations).toEqual([]);
  });

  it('masks entries that firmware left open before they could be sent', () => {
    const { pciFunction, table, msix } = functionWith(2);
    msix.write(12, 4, 0);
    expect(findMsix(pciFunction, table) && enableMsix(table)).toBe(true);
    unmaskMsix(table);
    expect(msix.isOpen(0)).toBe(false);
  });

  it('that does not come on leaves the pin on', () => {
    const { pciFunction, table, sim } = functionWith(2, { cannotEnable: true });
    expect(findMsix(pciFunction, table) && enableMsix(table)).toBe(false);
    expect(sim.command & PIN_DISABLED).toBe(0);
  });

  it('sends the vector of an entry to this processor', () => {
    const { machine, msix, vector } = opened(2);
    msix.send(0);
    expect([interruptNext(), interruptNext()]).toEqual([vector, VECTOR_NONE]);
    expect(machine.violations).toEqual([]);
  });

  it('an entry that is not kept is seen', () => {
    const { pciFunction, table } = functionWith(2, { forgetsTable: true });
    expect(findMsix(pciFunction, table) && enableMsix(table)).toBe(true);
    expect(setMsixVector(table, 0, interruptAllocate())).toBe(false);
  });

  it.each<[string, (table: MsixTable) => void, (table: MsixTable) => void]>([
    ['entry', (table) => maskMsixVector(table, 0), (table) => unmaskMsixVector(table, 0)],
    ['function', maskMsix, unmaskMsix],
  ])('holds back what a masked %s should send, and sends it later', (_, mask, unmask) => {
    const { msix, table, vector } = opened(2);
    mask(table);
    msix.send(0);
    expect([isMsixPending(table, 0), isMsixPending(table, 1), interruptNext()]).toEqual([true, false, VECTOR_NONE]);
    unmask(table);
    expect([isMsixPending(table, 0), interruptNext()]).toEqual([false, vector]);
  });

  it('has pending bits beyond the first word', () => {
    const { msix, table } = enabled(65);
    msix.send(33);
    msix.send(64);
    expect([32, 33, 34, 64].map((entry) => isMsixPending(table, entry))).toEqual([false, true, false, true]);
  });

  it('keeps the bits of the vector control that it does not know', () => {
    const { msix, table } = enabled(1);
    msix.write(12, 4, 0x80000001);
    unmaskMsixVector(table, 0);
    expect(msix.read(12, 4)).toBe(0x80000000);
    maskMsixVector(table, 0);
    expect(msix.read(12, 4)).toBe(0x80000001);
  });

  it('goes off with what is pending, and the pin is on again', () => {
    const { msix, sim, table } = opened(2);
    maskMsix(table);
    msix.send(0);
    disableMsix(table);
    expect(sim.config.getUint16(CONTROL, true)).toBe(1);
    expect(sim.command & PIN_DISABLED).toBe(0);
    expect(interruptNext()).toBe(VECTOR_NONE);
  });
});
