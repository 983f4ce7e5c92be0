import { describe, expect, it } from 'vitest';
import {
  EXPRESS_DOWNSTREAM_PORT,
  EXPRESS_INTEGRATED_ENDPOINT,
  Express,
  hasHotPlugSlot,
  readExpress,
} from '../../../../kernel/pci/express.ts';
import { FAULT_CAPABILITY_CUT } from '../../../../kernel/pci/fault.ts';
import type { PciFunction } from '../../../../kernel/pci/function.ts';
import { SimFunction } from '../../../sim/pci.ts';
import { machineWith } from '../../../sim/setup.ts';

/** Returns a function whose PCI Express capability, at 0x40, holds these registers. */
const withExpress = (registers: Record<number, number>): PciFunction => {
  const sim = new SimFunction({ capabilities: [[0x10, 0, ...Array<number>(58).fill(0)]] });
  for (const [offset, value] of Object.entries(registers)) sim.config.setUint32(0x40 + Number(offset), value, true);
  sim.config.setUint8(0x40, 0x10);
  sim.config.setUint8(0x41, 0);
  return machineWith(sim).pciFunction;
};

/** Returns the first word of the capability, with its flags. */
const flags = (version: number, type: number, slot: boolean): number =>
  ((slot ? 0x100 : 0) + type * 16 + version) * 65536;

describe('the PCI Express capability', () => {
  it('tells what a port is, its link and its slot', () => {
    const express = new Express();
    const pciFunction = withExpress({
      0: flags(2, EXPRESS_DOWNSTREAM_PORT, true),
      4: 1 << 28,
      12: 0x0103,
      16: 0x0042 * 65536,
      20: 7 * 2 ** 19 + 0x60,
      24: 0x40 * 65536,
    });
    expect(readExpress(pciFunction, express)).toBe(true);
    expect(express).toEqual({
      offset: 0x40,
      version: 2,
      portType: EXPRESS_DOWNSTREAM_PORT,
      hasFunctionReset: true,
      linkSpeedMax: 3,
      linkWidthMax: 16,
      linkSpeed: 2,
      linkWidth: 4,
      hasSlot: true,
      slotNumber: 7,
      isHotPlugCapable: true,
      isSurpriseCapable: true,
      isPresent: true,
    });
    expect(hasHotPlugSlot(pciFunction)).toBe(true);
  });

  it('of an integrated endpoint has no link, and what is there is not read as one', () => {
    const express = new Express();
    expect(readExpress(withExpress({ 0: flags(2, EXPRESS_INTEGRATED_ENDPOINT, false), 12: 0xffff }), express)).toBe(
      true,
    );
    expect(express).toMatchObject({ linkSpeedMax: 0, linkWidthMax: 0, hasSlot: false, isHotPlugCapable: false });
  });

  it('may be missing', () => {
    const express = new Express();
    expect(readExpress(machineWith(new SimFunction()).pciFunction, express)).toBe(false);
    expect(express.offset).toBe(0);
  });

  it.each([
    [0xf8, 0],
    [0xf0, 0],
    [0xe8, 0x0100],
  ])('at 0x%i with the flags %i is cut off by the end of the space', (offset, bits) => {
    const sim = new SimFunction({ capabilities: [[0x09, 0]] });
    sim.config.setUint8(0x41, offset);
    sim.config.setUint8(offset, 0x10);
    sim.config.setUint16(offset + 2, bits, true);
    const { pciFunction } = machineWith(sim);
    expect(readExpress(pciFunction, new Express())).toBe(false);
    expect(pciFunction.fault.code).toBe(FAULT_CAPABILITY_CUT);
  });

  it('a bridge of conventional PCI has its hot-plug slots in a capability of their own', () => {
    const sims = [new SimFunction({ capabilities: [[0x0c, 0]] }), new SimFunction()];
    expect(sims.map((sim) => hasHotPlugSlot(machineWith(sim).pciFunction))).toEqual([true, false]);
  });

  it('a slot whose port cannot be hot-plugged is none', () =>
    expect(hasHotPlugSlot(withExpress({ 0: flags(2, EXPRESS_DOWNSTREAM_PORT, true) }))).toBe(false));
});
