// Devices whose configuration space is noise. Whatever they show, everything ends, nothing that was changed for a moment stays changed, and
// what is believed can be true.

import { beforeAll, describe, expect, it } from 'vitest';
import { sizeBars } from '../../../../kernel/pci/bar.ts';
import { readCapabilities } from '../../../../kernel/pci/capability.ts';
import { Express, readExpress } from '../../../../kernel/pci/express.ts';
import { ExtendedCapabilities, readExtendedCapabilities } from '../../../../kernel/pci/extended.ts';
import { BAR_KIND_IO, BAR_KIND_NONE, type PciFunction, PciTree } from '../../../../kernel/pci/function.ts';
import { Msi, Msix, readMsi, readMsix } from '../../../../kernel/pci/msi.ts';
import { wake } from '../../../../kernel/pci/power.ts';
import { resetFunction } from '../../../../kernel/pci/reset.ts';
import { startPci } from '../../../../kernel/pci/start.ts';
import { readWindows } from '../../../../kernel/pci/window.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { SimBridge, SimBus, SimFunction } from '../../../sim/pci.ts';
import { functionAt, functionsOf } from '../../../sim/setup.ts';

const ROUNDS = 300;
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

let state = seed;
/** Returns the next of a sequence of 32-bit numbers (xorshift). */
const next = (): number => {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state >>> 0;
};
const below = (limit: number): number => next() % limit;

beforeAll(() => {
  state = seed === 0 ? 1 : seed;
  console.log(`noise from SEED=${seed}`);
});

/** Makes every register noise, and of every other one what can be written of it. Lists are made likely: most noise has none. */
const makeNoise = (sim: SimFunction, from: number): void => {
  for (let offset = from; offset < 4096; offset += 4) {
    sim.config.setUint32(offset, next(), true);
    sim.writable.setUint32(offset, below(2) === 0 ? next() : 0xffffffff, true);
  }
  if (below(2) === 0) sim.config.setUint8(0x06, sim.config.getUint8(0x06) | 0x10);
  const ids = [0x01, 0x05, 0x09, 0x0c, 0x10, 0x11, 0x13];
  for (let offset = 0x40; offset < 0x100; offset += 4) sim.config.setUint8(offset, ids[below(ids.length)]!);
  // Registers that keep what is written and never come to rest would be no function at all.
  sim.writable.setUint32(0x00, 0, true);
};

const headerOf = (sim: SimFunction): number[] => [...new Uint8Array(sim.config.buffer, 0, 0x40)];

/** Checks that what was noted of the BARs can be true. */
const expectPossible = ({ bars }: PciFunction): void => {
  for (let index = 0; index < 6; index++) {
    const { kind, address, size } = bars[index]!;
    if (kind === BAR_KIND_NONE) continue;
    expect(Number.isSafeInteger(address) && Number.isSafeInteger(size)).toBe(true);
    expect(Math.log2(size) % 1).toBe(0);
    expect(size).toBeGreaterThanOrEqual(kind === BAR_KIND_IO ? 4 : 16);
  }
};

describe('a device that is noise', () => {
  it('has its BARs sized, and holds what it held before', () => {
    for (let round = 0; round < ROUNDS; round++) {
      const machine = installMachine(new SimMachine());
      machine.pci = new SimBus();
      const sim = machine.pci.add(2, 0, new SimFunction());
      makeNoise(sim, 0x04);
      for (let index = 0; index < 6; index++) sim.writable.setUint32(0x10 + 4 * index, next() & next(), true);
      // An expansion ROM that was decoded is not decoded afterwards; all else is as before.
      for (const rom of [0x30, 0x38]) sim.config.setUint32(rom, sim.config.getUint32(rom, true) & ~1, true);
      sim.config.setUint8(0x0e, below(3));
      const before = headerOf(sim);
      const pciFunction = functionAt(2 * 8);
      sizeBars(pciFunction);
      expectPossible(pciFunction);
      expect(headerOf(sim), `SEED=${seed}, round ${round}`).toEqual(before);
    }
  });

  it('has lists and capabilities that end, and tables that lie in its BARs or are refused', () => {
    const [extended, msi, msix, express] = [new ExtendedCapabilities(), new Msi(), new Msix(), new Express()];
    for (let round = 0; round < ROUNDS; round++) {
      const machine = installMachine(new SimMachine());
      machine.clockStep = 1_000_000;
      machine.pci = new SimBus();
      const sim = machine.pci.add(2, 0, new SimFunction({ bars: [{ index: 0, size: 0x10000, address: 0xfe000000 }] }));
      makeNoise(sim, 0x34);
      const pciFunction = functionAt(2 * 8);
      readCapabilities(pciFunction);
      readExtendedCapabilities(pciFunction, extended);
      readMsi(pciFunction, msi);
      readExpress(pciFunction, express);
      if (readMsix(pciFunction, msix)) {
        const { size } = pciFunction.bars[msix.tableBar]!;
        expect(msix.tableOffset + msix.vectorCount * 16).toBeLessThanOrEqual(size);
        expect(msix.pendingOffset + msix.pendingLength).toBeLessThanOrEqual(pciFunction.bars[msix.pendingBar]!.size);
      }
      for (let i = 0; i < pciFunction.capabilityCount; i++) {
        expect(pciFunction.capabilities[i]!.offset).toBeGreaterThanOrEqual(0x40);
      }
      wake(pciFunction);
      resetFunction(pciFunction);
    }
  });
});

describe('buses of noise', () => {
  it('are brought up, with no number twice and no BAR over another', () => {
    for (let round = 0; round < ROUNDS / 10; round++) {
      const machine = installMachine(new SimMachine());
      machine.lastBus = 5 + below(20);
      machine.pci = makeBus(3);
      const tree = new PciTree();
      startPci(tree);
      const functions = functionsOf(tree);
      expect(functions).toHaveLength(tree.count);
      expect(new Set(functions.map(({ address }) => address)).size).toBe(tree.count);
      for (const pciFunction of functions) {
        expectPossible(pciFunction);
        if (pciFunction.headerLayout === 1) readWindows(pciFunction);
        expect(pciFunction.parent).toBeLessThan(tree.count);
      }
      if (tree.isPlacedByKernel) expectApart(functions, `SEED=${seed}, round ${round}`);
    }
  });

  const makeBus = (depth: number): SimBus => {
    const bus = new SimBus();
    for (let device = 0; device < 32; device += 1 + below(8)) {
      if (depth > 0 && below(3) === 0) {
        const bridge = bus.add(device, 0, new SimBridge(makeBus(depth - 1)));
        if (below(2) === 0) bridge.number(below(3), below(8), below(8));
        if (below(2) === 0) bridge.narrow();
      } else {
        bus.add(device, 0, makeDevice());
      }
    }
    return bus;
  };

  const makeDevice = (): SimFunction => {
    const types = [0, 1, 4, 8, 0xc, 2, 6];
    const type = types[below(types.length)]!;
    const size = 2 ** (type === 1 ? 2 + below(8) : 4 + below(type === 0xc ? 30 : 20));
    return new SimFunction({ multiFunction: below(4) === 0, bars: [{ index: below(6), size, type }] });
  };

  const expectApart = (functions: readonly PciFunction[], hint: string): void => {
    const placed = functions.flatMap(({ bars }) =>
      [0, 1, 2, 3, 4, 5].flatMap((index) => {
        const { kind, address, size } = bars[index]!;
        return kind === BAR_KIND_NONE || address === 0 ? [] : [{ isIo: kind === BAR_KIND_IO, address, size }];
      }),
    );
    placed.sort((a, b) => Number(a.isIo) - Number(b.isIo) || a.address - b.address);
    placed.forEach((one, index) => {
      const other = placed[index + 1];
      if (other === undefined || other.isIo !== one.isIo) return;
      expect(one.address + one.size, hint).toBeLessThanOrEqual(other.address);
    });
  };
});
