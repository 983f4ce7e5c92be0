import { describe, expect, it } from 'vitest';
import { formatBar, hasPlacedBar, placeBar, readBars } from '../../../../kernel/pci/bar.ts';
import { PciFunction } from '../../../../kernel/pci/function.ts';
import { SimBridge, SimBus, SimFunction } from '../../../sim/pci.ts';
import { expectError, expectValue, machineWith } from '../../../sim/setup.ts';

const COMMAND = 0x04;
const BAR = (index: number): number => 0x10 + index * 4;

/** Returns all of the header, to see whether a call left it as it was. */
const headerOf = (sim: SimFunction): number[] => [...new Uint8Array(sim.config.buffer, 0, 64)];

describe('BARs', () => {
  it('of each kind are found, with address and size', () => {
    const sim = new SimFunction({
      bars: [
        { index: 0, size: 0x20, type: 1, address: 0xc040 },
        { index: 1, size: 0x1000, address: 0xfebd1000 },
        { index: 2, size: 0x100000, type: 8, address: 0xe0000000 },
        { index: 4, size: 0x4000, type: 0xc, address: 0xe000000000 },
      ],
    });
    expect(expectValue(readBars(machineWith(sim).pciFunction))).toEqual([
      { index: 0, space: 'io', prefetchable: false, address: 0xc040, size: 0x20 },
      { index: 1, space: 'memory32', prefetchable: false, address: 0xfebd1000, size: 0x1000 },
      { index: 2, space: 'memory32', prefetchable: true, address: 0xe0000000, size: 0x100000 },
      { index: 4, space: 'memory64', prefetchable: true, address: 0xe000000000, size: 0x4000 },
    ]);
  });

  it('larger than 4 GiB are sized by their upper half', () => {
    const sim = new SimFunction({ bars: [{ index: 0, size: 2 ** 34, type: 0xc, address: 2 ** 36 }] });
    expect(expectValue(readBars(machineWith(sim).pciFunction))[0]).toMatchObject({ size: 2 ** 34, address: 2 ** 36 });
  });

  it('of exactly 2 GiB are not negative', () => {
    const sim = new SimFunction({ bars: [{ index: 0, size: 2 ** 31, address: 2 ** 31 }] });
    expect(expectValue(readBars(machineWith(sim).pciFunction))[0]).toMatchObject({ size: 2 ** 31, address: 2 ** 31 });
  });

  it('below 1 MiB keep their kind', () => {
    const sim = new SimFunction({ bars: [{ index: 0, size: 0x1000, type: 2, address: 0xd0000 }] });
    expect(expectValue(readBars(machineWith(sim).pciFunction))[0]?.space).toBe('memory1m');
  });

  it('of 16-bit ports, whose upper mask is zero, are sized', () => {
    const sim = new SimFunction({ bars: [{ index: 0, size: 8, type: 1, address: 0x1f0 }] });
    sim.writable.setUint32(BAR(0), 0xfff8, true);
    expect(expectValue(readBars(machineWith(sim).pciFunction))[0]).toMatchObject({
      space: 'io',
      size: 8,
      address: 0x1f0,
    });
  });

  it('are sized while the function does not decode, and all is restored', () => {
    const sim = new SimFunction({ bars: [{ index: 0, size: 0x1000, address: 0xfe000000 }] });
    sim.config.setUint16(COMMAND, 0x0107, true);
    const before = headerOf(sim);
    const { pciFunction } = machineWith(sim);
    expectValue(readBars(pciFunction));
    expect(headerOf(sim)).toEqual(before);
    expect(sim.writes[0]).toBe('write16 0x4 = 0x104');
    expect(sim.writes.at(-1)).toBe('write16 0x4 = 0x107');
  });

  it('the command register is left alone where nothing was decoded', () => {
    const sim = new SimFunction({ bars: [{ index: 0, size: 0x1000, address: 0 }] });
    expectValue(readBars(machineWith(sim).pciFunction));
    expect(sim.writes.filter((write) => write.includes('0x4 ='))).toEqual([]);
  });

  it('a 64-bit BAR in the last register is an error, after everything was restored', () => {
    const sim = new SimFunction({
      bars: [
        { index: 0, size: 0x1000, address: 0xfe000000 },
        { index: 5, size: 0x1000, type: 4, address: 0xfd000000 },
      ],
    });
    sim.config.setUint16(COMMAND, 0x0007, true);
    const before = headerOf(sim);
    const error = expectError(readBars(machineWith(sim).pciFunction));
    expect(error).toMatchObject({ kind: 'bar-64-without-second', index: 5, value: 0xfd000004 });
    expect(headerOf(sim)).toEqual(before);
  });

  it('a reserved memory type is an error, after everything was restored', () => {
    const sim = new SimFunction({ bars: [{ index: 1, size: 0x1000, type: 6, address: 0xfd000000 }] });
    sim.config.setUint16(COMMAND, 0x0003, true);
    const before = headerOf(sim);
    expect(expectError(readBars(machineWith(sim).pciFunction))).toMatchObject({ kind: 'bar-type-reserved', index: 1 });
    expect(headerOf(sim)).toEqual(before);
  });

  it('an address beyond 2^53 is an error, not another address', () => {
    const sim = new SimFunction({ bars: [{ index: 0, size: 0x1000, type: 4 }] });
    sim.config.setUint32(BAR(1), 0x200000, true);
    const before = headerOf(sim);
    expect(expectError(readBars(machineWith(sim).pciFunction)).kind).toBe('bar-beyond-53-bits');
    expect(headerOf(sim)).toEqual(before);
  });

  it('a bridge has two, and its bus numbers are not written to', () => {
    const bridge = new SimBridge(new SimBus(), { bars: [{ index: 0, size: 0x1000, address: 0xfea10000 }] }).number(
      0,
      1,
      1,
    );
    const bars = expectValue(readBars(machineWith(bridge).pciFunction));
    expect(bars).toHaveLength(1);
    expect(bridge.writes.every((write) => / 0x(4|10|14) = /.test(write))).toBe(true);
    expect([bridge.secondary, bridge.subordinate]).toEqual([1, 1]);
  });

  it('a function of an unknown header type has none that we touch', () => {
    const sim = new SimFunction({ headerType: 2 });
    expect(expectValue(readBars(machineWith(sim).pciFunction))).toEqual([]);
    expect(sim.writes).toEqual([]);
  });

  it('are written in two halves where they have two', () => {
    const sim = new SimFunction({ bars: [{ index: 4, size: 0x4000, type: 0xc }] });
    const { pciFunction } = machineWith(sim);
    const [bar] = expectValue(readBars(pciFunction));
    placeBar(pciFunction, bar!, 0xe000004000);
    expect(sim.barAddress(4)).toBe(0xe000004000);
    expect(expectValue(readBars(pciFunction))[0]?.address).toBe(0xe000004000);
  });

  it('are printed in one form', () => {
    const bar = { index: 4, space: 'memory64', prefetchable: true, address: 0xfe000000, size: 0x4000 } as const;
    expect(formatBar(bar)).toBe('bar4 memory64 prefetchable 0xfe000000 16 KiB');
  });

  it('count as placed when a memory BAR has an address, an I/O BAR does not count', () => {
    const io = new SimFunction({
      bars: [
        { index: 0, size: 0x20, type: 1, address: 0xc040 },
        { index: 4, size: 0x4000, type: 0xc },
      ],
    });
    expect(hasPlacedBar(machineWith(io).pciFunction)).toBe(false);
    const high = new SimFunction({ bars: [{ index: 4, size: 0x4000, type: 0xc, address: 2 ** 36 }] });
    expect(hasPlacedBar(machineWith(high).pciFunction)).toBe(true);
  });
});

describe('the command register', () => {
  it('is written 16 bits wide, so that no error bit of the status is cleared', () => {
    const sim = new SimFunction();
    sim.config.setUint16(0x06, 0xf900, true);
    machineWith(sim);
    new PciFunction(0x10).enable(6);
    expect(sim.command).toBe(6);
    expect(sim.config.getUint16(0x06, true)).toBe(0xf900);
    expect(sim.writes).toEqual(['write16 0x4 = 0x6']);
  });
});
