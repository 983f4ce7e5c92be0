import { describe, expect, it } from 'vitest';
import { FAULT_NO_RESET, FAULT_POWER_STATE, FAULT_RESET } from '../../../../kernel/pci/fault.ts';
import { powerState, wake } from '../../../../kernel/pci/power.ts';
import { resetFunction } from '../../../../kernel/pci/reset.ts';
import { SimFunction, type SimFunctionOptions } from '../../../sim/pci.ts';
import { machineWith } from '../../../sim/setup.ts';

const MS = 1_000_000;
const BAR_0 = 0x10;

/** A function with one BAR that decodes, and one capability at 0x40 that does something when it is written to. */
class Sim extends SimFunction {
  onWrite: (offset: number, value: number) => void = () => {};

  constructor(options: SimFunctionOptions) {
    super({ bars: [{ index: 0, size: 0x1000, address: 0xfe000000 }], ...options });
    this.config.setUint16(0x04, 0x0106, true);
    this.writable.setUint8(0x3c, 0xff);
    this.config.setUint8(0x3c, 11);
  }

  override write(offset: number, width: number, value: number): void {
    super.write(offset, width, value);
    this.onWrite(offset, value);
  }

  /** Forgets what a function forgets. */
  forget(): void {
    this.config.setUint32(BAR_0, 0, true);
    this.config.setUint16(0x04, 0, true);
    this.config.setUint8(0x3c, 0);
  }

  /** What it would have forgotten. */
  get memory(): number[] {
    return [this.barAddress(0), this.command, this.config.getUint8(0x3c)];
  }
}

const REMEMBERED = [0xfe000000, 0x0106, 11];

describe('power states', () => {
  const asleep = (state: number, flags = 0): Sim => {
    const sim = new Sim({ capabilities: [[0x01, 0, 3, 0, state | flags, 0x80, 0, 0]] });
    sim.writable.setUint16(0x44, 0x0003, true);
    return sim;
  };

  it.each([
    [0, 0, 0],
    [1, 0, 1],
    [2, 0.2, 1],
    [3, 10, 20],
  ])('from D%i a function is awake after %d ms', (state, atLeastMs, atMostMs) => {
    const sim = asleep(state);
    const { machine, pciFunction } = machineWith(sim);
    expect(powerState(pciFunction)).toBe(state);
    const before = machine.now;
    expect(wake(pciFunction)).toBe(true);
    expect(powerState(pciFunction)).toBe(0);
    expect(machine.now - before).toBeGreaterThanOrEqual(atLeastMs * MS);
    expect(machine.now - before).toBeLessThanOrEqual(atMostMs * MS);
  });

  it('an event that is noted there is not taken back: the bit is written as zero', () => {
    const sim = asleep(1);
    wake(machineWith(sim).pciFunction);
    expect(sim.writes).toContain('write16 0x44 = 0x0');
  });

  it('what a function forgets in D3 is put back', () => {
    const sim = asleep(3);
    sim.onWrite = (offset) => offset === 0x44 && sim.forget();
    expect(wake(machineWith(sim).pciFunction)).toBe(true);
    expect(sim.memory).toEqual(REMEMBERED);
  });

  it('one that forgets nothing is not written to', () => {
    const sim = asleep(3, 8);
    wake(machineWith(sim).pciFunction);
    expect(sim.writes).toHaveLength(1);
  });

  it('one that does not wake is an error', () => {
    const sim = asleep(3);
    sim.writable.setUint16(0x44, 0, true);
    const { pciFunction } = machineWith(sim);
    expect(wake(pciFunction)).toBe(false);
    expect(pciFunction.fault.code).toBe(FAULT_POWER_STATE);
  });

  it('one without power management is awake', () => {
    const { pciFunction } = machineWith(new SimFunction());
    expect([wake(pciFunction), powerState(pciFunction)]).toEqual([true, 0]);
  });
});

describe('function-level reset', () => {
  const express = (deviceCapabilities = 1 << 28): Sim => {
    const sim = new Sim({ capabilities: [[0x10, 0, 0x92, 0, ...Array<number>(20).fill(0)]] });
    sim.config.setUint32(0x44, deviceCapabilities, true);
    sim.config.setUint16(0x48, 0x2810, true);
    sim.writable.setUint16(0x48, 0x7fff, true);
    return sim;
  };

  const advanced = (): Sim => new Sim({ capabilities: [[0x13, 0, 6, 3, 0, 0]] });

  it.each<[string, () => Sim, number, number]>([
    ['PCI Express', express, 0x48, 0xa810],
    ['the advanced features', advanced, 0x44, 1],
  ])('by %s silences the function, waits 100 ms, and puts back what it forgot', (_, make, register, value) => {
    const sim = make();
    const { machine, pciFunction } = machineWith(sim);
    let commandAtReset: number | undefined;
    sim.onWrite = (offset, written) => {
      if (offset !== register) return;
      expect(written).toBe(value);
      commandAtReset = sim.command;
      sim.forget();
    };
    const before = machine.now;
    expect(resetFunction(pciFunction)).toBe(true);
    expect(commandAtReset).toBe(0);
    expect(machine.now - before).toBeGreaterThanOrEqual(100 * MS);
    expect(sim.memory).toEqual(REMEMBERED);
  });

  it.each<[string, () => Sim, number, number]>([
    ['PCI Express', express, 0x4a, 0x20],
    ['the advanced features', advanced, 0x45, 1],
  ])('by %s waits for what the function has asked for, but not for ever', (_, make, status, bit) => {
    const sim = make();
    const { machine, pciFunction } = machineWith(sim);
    sim.config.setUint8(status, bit);
    let resetAt = 0;
    sim.onWrite = (offset) => {
      if (offset === 0x48 || offset === 0x44) resetAt = machine.now;
    };
    machine.after(30 * MS, () => sim.config.setUint8(status, 0));
    resetFunction(pciFunction);
    expect(resetAt).toBeGreaterThanOrEqual(30 * MS);
    expect(resetAt).toBeLessThan(40 * MS);

    sim.config.setUint8(status, bit);
    const before = machine.now;
    expect(resetFunction(pciFunction)).toBe(true);
    expect(machine.now - before).toBeGreaterThanOrEqual(200 * MS);
    expect(machine.now - before).toBeLessThan(220 * MS);
  });

  it('is refused where the function does not offer it, and nothing is written', () => {
    for (const sim of [express(0), new Sim({ capabilities: [[0x13, 0, 6, 1, 0, 0]] }), new Sim({})]) {
      const { pciFunction } = machineWith(sim);
      expect(resetFunction(pciFunction)).toBe(false);
      expect(pciFunction.fault.code).toBe(FAULT_NO_RESET);
      expect(sim.writes).toEqual([]);
    }
  });

  it('of a function that does not come back is an error', () => {
    const sim = advanced();
    const { pciFunction } = machineWith(sim);
    sim.onWrite = (offset) => offset === 0x44 && sim.config.setUint16(0, 0xffff, true);
    expect(resetFunction(pciFunction)).toBe(false);
    expect(pciFunction.fault.code).toBe(FAULT_RESET);
  });
});
