import { describe, expect, it } from 'vitest';
import { isConfigured, placeBar, sizeBars } from '../../../../kernel/pci/bar.ts';
import {
  FAULT_BAR_BEYOND_53_BITS,
  FAULT_BAR_MASK,
  FAULT_BAR_SIZE,
  FAULT_BAR_TYPE_RESERVED,
  FAULT_BAR_WITHOUT_SECOND,
} from '../../../../kernel/pci/fault.ts';
import {
  BAR_KIND_IO,
  BAR_KIND_MEMORY1M,
  BAR_KIND_MEMORY32,
  BAR_KIND_MEMORY64,
  BAR_KIND_NONE,
  type PciFunction,
} from '../../../../kernel/pci/function.ts';
import { type SimBarOptions, SimBridge, SimBus, SimFunction } from '../../../sim/pci.ts';
import { machineWith } from '../../../sim/setup.ts';

const COMMAND = 0x04;
const BAR = (index: number): number => 0x10 + index * 4;

/** Returns all of the header, to see whether a call left it as it was. */
const headerOf = (sim: SimFunction): number[] => [...new Uint8Array(sim.config.buffer, 0, 64)];

/** Sizes the BARs of a function, which must work, and returns those that it has as [index, kind, prefetchable, address, size]. */
const barsOf = (pciFunction: PciFunction): (number | boolean)[][] => {
  expect(sizeBars(pciFunction)).toBe(true);
  return [0, 1, 2, 3, 4, 5].flatMap((index) => {
    const { kind, isPrefetchable, address, size } = pciFunction.bars[index]!;
    return kind === BAR_KIND_NONE ? [] : [[index, kind, isPrefetchable, address, size]];
  });
};

const barsWith = (...bars: SimBarOptions[]): (number | boolean)[][] =>
  barsOf(machineWith(new SimFunction({ bars })).pciFunction);

/** Sizes the BARs of a function that decodes, which must fail with `code` and leave no trace. Returns the function. */
const expectFault = (sim: SimFunction, code: number): PciFunction => {
  sim.config.setUint16(COMMAND, 0x0107, true);
  const before = headerOf(sim);
  const { pciFunction } = machineWith(sim);
  expect(sizeBars(pciFunction)).toBe(false);
  expect(pciFunction.fault.code).toBe(code);
  expect(headerOf(sim)).toEqual(before);
  expect(sizeBars(pciFunction)).toBe(false); // Asked again, it is no better.
  return pciFunction;
};

describe('BARs', () => {
  it('of each kind are found, with address and size', () =>
    expect(
      barsWith(
        { index: 0, size: 0x20, type: 1, address: 0xc040 },
        { index: 1, size: 0x1000, address: 0xfebd1000 },
        { index: 2, size: 0x100000, type: 8, address: 0xe0000000 },
        { index: 4, size: 0x4000, type: 0xc, address: 0xe000000000 },
      ),
    ).toEqual([
      [0, BAR_KIND_IO, false, 0xc040, 0x20],
      [1, BAR_KIND_MEMORY32, false, 0xfebd1000, 0x1000],
      [2, BAR_KIND_MEMORY32, true, 0xe0000000, 0x100000],
      [4, BAR_KIND_MEMORY64, true, 0xe000000000, 0x4000],
    ]));

  it.each([2 ** 31, 2 ** 32, 2 ** 34, 2 ** 52])('of 64 bits and %i bytes are sized by both halves', (size) =>
    expect(barsWith({ index: 0, size, type: 0xc, address: 0 })).toEqual([[0, BAR_KIND_MEMORY64, true, 0, size]]),
  );

  it('of exactly 2 GiB are not negative', () =>
    expect(barsWith({ index: 0, size: 2 ** 31, address: 2 ** 31 })).toEqual([
      [0, BAR_KIND_MEMORY32, false, 2 ** 31, 2 ** 31],
    ]));

  it('below 1 MiB keep their kind', () =>
    expect(barsWith({ index: 0, size: 0x1000, type: 2, address: 0xd0000 })[0]?.[1]).toBe(BAR_KIND_MEMORY1M));

  it('of 16-bit ports, whose upper mask is zero, are sized', () => {
    const sim = new SimFunction({ bars: [{ index: 0, size: 8, type: 1, address: 0x1f0 }] });
    sim.writable.setUint32(BAR(0), 0xfff8, true);
    expect(barsOf(machineWith(sim).pciFunction)).toEqual([[0, BAR_KIND_IO, false, 0x1f0, 8]]);
  });

  it('are sized while the function does not decode, and all is restored', () => {
    const sim = new SimFunction({ bars: [{ index: 0, size: 0x1000, address: 0xfe000000 }] });
    sim.config.setUint16(COMMAND, 0x0107, true);
    const before = headerOf(sim);
    barsOf(machineWith(sim).pciFunction);
    expect(headerOf(sim)).toEqual(before);
    expect(sim.writes[0]).toBe('write16 0x4 = 0x104');
    expect(sim.writes.at(-1)).toBe('write16 0x4 = 0x107');
  });

  it('are sized once', () => {
    const sim = new SimFunction({ bars: [{ index: 0, size: 0x1000, address: 0xfe000000 }] });
    const { pciFunction } = machineWith(sim);
    barsOf(pciFunction);
    const { length } = sim.writes;
    barsOf(pciFunction);
    expect(sim.writes).toHaveLength(length);
  });

  it('the command register is left alone where nothing was decoded', () => {
    const sim = new SimFunction({ bars: [{ index: 0, size: 0x1000, address: 0 }] });
    barsOf(machineWith(sim).pciFunction);
    expect(sim.writes.filter((write) => write.includes('0x4 ='))).toEqual([]);
  });

  it('a function of an unknown header type has none that we touch', () => {
    const sim = new SimFunction({ headerType: 2 });
    expect(barsOf(machineWith(sim).pciFunction)).toEqual([]);
    expect(sim.writes).toEqual([]);
  });

  it('are moved in two halves where they have two, while the function decodes nothing', () => {
    const sim = new SimFunction({ bars: [{ index: 4, size: 0x4000, type: 0xc, address: 0xfe000000 }] });
    sim.config.setUint16(COMMAND, 0x0002, true);
    const { pciFunction } = machineWith(sim);
    barsOf(pciFunction);
    sim.writes.length = 0;
    placeBar(pciFunction, 4, 0xe000004000);
    expect(sim.barAddress(4)).toBe(0xe000004000);
    expect(pciFunction.bars[4]!.address).toBe(0xe000004000);
    expect([sim.writes[0], sim.writes.at(-1)]).toEqual(['write16 0x4 = 0x0', 'write16 0x4 = 0x2']);
  });
});

describe('the expansion ROM', () => {
  const ROM = 0x30;
  const withRom = (mask: number, value: number): SimFunction => {
    const sim = new SimFunction();
    sim.writable.setUint32(ROM, mask, true);
    sim.config.setUint32(ROM, value, true);
    return sim;
  };

  it('is sized, and not decoded afterwards whatever it was before', () => {
    const sim = withRom(0xffff0001, 0xfeb80001);
    const { pciFunction } = machineWith(sim);
    expect(sizeBars(pciFunction)).toBe(true);
    expect(pciFunction.rom).toMatchObject({ kind: BAR_KIND_MEMORY32, address: 0xfeb80000, size: 0x10000 });
    expect(sim.config.getUint32(ROM, true)).toBe(0xfeb80000);
    expect(sim.writes.filter((write) => write.includes('0x30 =')).some((write) => /[13579bdf]$/.test(write))).toBe(
      false,
    );
  });

  it('may be missing, and a mask with a hole is none', () => {
    for (const sim of [withRom(0, 0), withRom(0xff0f0000, 0)]) {
      const { pciFunction } = machineWith(sim);
      expect(sizeBars(pciFunction)).toBe(true);
      expect(pciFunction.rom.kind).toBe(BAR_KIND_NONE);
    }
  });

  it('of a bridge is in another register', () => {
    const bridge = new SimBridge(new SimBus());
    bridge.writable.setUint32(0x38, 0xfffff800, true);
    const { pciFunction } = machineWith(bridge);
    sizeBars(pciFunction);
    expect(pciFunction.rom.size).toBe(0x800);
  });
});

describe('what firmware is done with', () => {
  const configured = (command: number, ...bars: SimBarOptions[]): boolean => {
    const sim = new SimFunction({ bars });
    sim.config.setUint16(COMMAND, command, true);
    const answer = isConfigured(machineWith(sim).pciFunction);
    expect(sim.writes).toEqual([]);
    return answer;
  };

  it('decodes, and its BARs have addresses, in whichever half', () => {
    expect(configured(2, { index: 0, size: 0x1000, address: 0xfe000000 })).toBe(true);
    expect(configured(2, { index: 0, size: 0x1000, type: 0xc, address: 2 ** 36 })).toBe(true);
    expect(configured(1, { index: 0, size: 0x20, type: 1, address: 0xc040 })).toBe(true);
  });

  it('is not what decodes nothing, or has a BAR without an address', () => {
    expect(configured(0, { index: 0, size: 0x1000, address: 0xfe000000 })).toBe(false);
    expect(configured(2, { index: 0, size: 0x1000, type: 0xc })).toBe(false);
    expect(configured(2, { index: 1, size: 0x1000, address: 0xfe000000 }, { index: 0, size: 0x20, type: 1 })).toBe(
      false,
    );
  });
});

describe('W9: a 64-bit BAR in the last register', () => {
  it('is an error, after every BAR and the command register were restored', () => {
    const sim = new SimFunction({
      bars: [
        { index: 0, size: 0x1000, address: 0xfe000000 },
        { index: 5, size: 0x1000, type: 4, address: 0xfd000000 },
      ],
    });
    const { fault, bars } = expectFault(sim, FAULT_BAR_WITHOUT_SECOND);
    expect([fault.first, fault.second]).toEqual([5, 0xfd000004]);
    expect(bars[0]!.size).toBe(0x1000); // The good one is known.
  });
});

describe('W10: the BARs of a bridge', () => {
  it('are two, and its bus numbers and windows are not written to', () => {
    const bridge = new SimBridge(new SimBus(), {
      bars: [{ index: 0, size: 0x1000, address: 0xfea10000 }],
    }).number(0, 1, 1);
    expect(barsOf(machineWith(bridge).pciFunction)).toHaveLength(1);
    expect(bridge.writes.every((write) => / 0x(4|10|14|38) = /.test(write))).toBe(true);
    expect([bridge.secondary, bridge.subordinate]).toEqual([1, 1]);
  });
});

describe('a device that lies about its BARs', () => {
  /** A function with one BAR, of which `change` says what can be written. */
  const lying = (type: number, change: (writable: DataView) => void): SimFunction => {
    const sim = new SimFunction({ bars: [{ index: 0, size: 0x1000, type }] });
    change(sim.writable);
    return sim;
  };

  it('with a reserved memory type is an error', () => {
    const sim = new SimFunction({ bars: [{ index: 1, size: 0x1000, type: 6, address: 0xfd000000 }] });
    expect(expectFault(sim, FAULT_BAR_TYPE_RESERVED).fault.first).toBe(1);
  });

  it('with an address beyond 2^53 is an error, not another address', () => {
    const sim = new SimFunction({ bars: [{ index: 0, size: 0x1000, type: 4 }] });
    sim.config.setUint32(BAR(1), 0x200000, true);
    expectFault(sim, FAULT_BAR_BEYOND_53_BITS);
  });

  it.each<[string, number, (writable: DataView) => void]>([
    ['a hole in its mask', 0, (writable) => writable.setUint32(BAR(0), 0xfff0f000, true)],
    ['a hole in its mask of ports', 1, (writable) => writable.setUint32(BAR(0), 0xff0c, true)],
    ['a hole in its upper mask', 4, (writable) => writable.setUint32(BAR(0), 0, true)],
    ['no address bits at all', 8, (writable) => writable.setUint32(BAR(0), 0, true)],
  ])('with %s is an error', (what, type, change) => {
    const sim = lying(type, change);
    if (what.includes('upper')) sim.writable.setUint32(BAR(1), 0xfffffff5, true);
    expectFault(sim, FAULT_BAR_SIZE);
  });

  it.each([0, 0x7fffffff, 0xfffffffe])('with a lower mask and an upper one of %i is an error', (high) => {
    const sim = lying(4, (writable) => writable.setUint32(BAR(1), high, true));
    expectFault(sim, FAULT_BAR_MASK);
  });

  it('that reads as all ones everywhere has BARs of ports, and is not written to for good', () => {
    const sim = new SimFunction();
    for (let offset = 0x10; offset < 0x28; offset += 4) sim.config.setUint32(offset, 0xffffffff, true);
    const { pciFunction } = machineWith(sim);
    const before = headerOf(sim);
    expect(sizeBars(pciFunction)).toBe(true);
    expect(headerOf(sim)).toEqual(before);
  });
});
