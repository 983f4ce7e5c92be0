import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { assignBars } from '../../../../kernel/pci/assign.ts';
import { enumerate } from '../../../../kernel/pci/bus.ts';
import { startPci } from '../../../../kernel/pci/start.ts';
import { hostWindow } from '../../../../kernel/pci/window.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { SimBridge, SimBus, SimFunction, type SimRegisters } from '../../../sim/pci.ts';

const MIB = 1024 * 1024;

let machine: SimMachine;
let root: SimBus;
let logged: string;

beforeEach(() => {
  machine = installMachine(new SimMachine());
  root = new SimBus();
  machine.pci = root;
  logged = '';
  startLog((line) => {
    logged += line;
  }, 'debug');
});

afterEach(stopLog);

describe('the window of the host bridge', () => {
  it('on microvm is what lies below its ECAM', () => {
    machine.ecamBase = 0xe0000000;
    expect(hostWindow()).toEqual({ start: 0xc0000000, end: 0xe0000000 });
  });

  it('on q35 is what lies above its ECAM', () => {
    machine.ecamBase = 0xb0000000;
    expect(hostWindow()).toEqual({ start: 0xc0000000, end: 0xfec00000 });
  });

  it('leaves out RAM that reaches above 3 GiB, and reserved regions', () => {
    machine.memoryRegions = [
      { start: 0, length: 0xd0080000, type: 1 },
      { start: 0xf0000000, length: 0x1000, type: 2 },
      { start: 2 ** 32, length: 2 ** 32, type: 1 },
    ];
    expect(hostWindow()).toEqual({ start: 0xd0100000, end: 0xf0000000 });
  });

  it('is empty when everything is taken', () => {
    machine.memoryRegions = [{ start: 0, length: 2 ** 32, type: 1 }];
    const { start, end } = hostWindow();
    expect(end - start).toBe(0);
  });
});

describe('assignment of BARs', () => {
  const range = { start: 0xc0000000, end: 0xc1000000 };

  it('places each at a multiple of its size, the largest first, without overlap', () => {
    const a = root.add(
      1,
      0,
      new SimFunction({
        bars: [
          { index: 0, size: 0x1000 },
          { index: 4, size: 0x4000, type: 0xc },
        ],
      }),
    );
    const b = root.add(2, 0, new SimFunction({ bars: [{ index: 1, size: 0x10000 }] }));
    expect(assignBars(enumerate(), range)).toEqual({ placed: 3, unplaced: 0 });
    expect(b.barAddress(1)).toBe(0xc0000000);
    expect(a.barAddress(4)).toBe(0xc0010000);
    expect(a.barAddress(0)).toBe(0xc0014000);
  });

  it('puts what is behind a bridge into a window of the bridge, and a bridge behind a bridge into that', () => {
    const [outer, inner] = [new SimBus(), new SimBus()];
    const bridge = root.add(1, 0, new SimBridge(outer, { bars: [{ index: 0, size: 0x1000 }] }));
    const second = outer.add(0, 0, new SimBridge(inner));
    const deep = inner.add(
      3,
      0,
      new SimFunction({ bars: [{ index: 4, size: 0x4000, type: 0xc, registers: answering(42) }] }),
    );
    const beside = root.add(2, 0, new SimFunction({ bars: [{ index: 0, size: 0x1000 }] }));
    startPci();
    deep.write(4, 2, 2);
    const address = deep.barAddress(4);
    expect(bridge.passesMemory(address)).toBe(true);
    expect(second.passesMemory(address)).toBe(true);
    expect(bridge.passesMemory(beside.barAddress(0))).toBe(false);
    expect(bridge.passesMemory(bridge.barAddress(0))).toBe(false);
    expect(root.readMemory(address, 4)).toBe(42);
    expect([bridge.reachesMemory, second.reachesMemory]).toEqual([true, true]);
  });

  it('a bridge with nothing behind it passes nothing on', () => {
    const bridge = root.add(1, 0, new SimBridge(new SimBus()));
    root.add(2, 0, new SimFunction({ bars: [{ index: 0, size: 0x1000 }] }));
    startPci();
    expect(bridge.decodesMemory).toBe(true);
    for (const address of [0, 0xc0000000, 0xfff00000]) expect(bridge.passesMemory(address)).toBe(false);
  });

  it('leaves what does not fit without an address, says so, and places the rest', () => {
    const large = root.add(1, 0, new SimFunction({ bars: [{ index: 0, size: 32 * MIB }] }));
    const small = root.add(2, 0, new SimFunction({ bars: [{ index: 0, size: 0x1000 }] }));
    expect(assignBars(enumerate(), range)).toEqual({ placed: 1, unplaced: 1 });
    expect(large.barAddress(0)).toBe(0);
    expect(small.barAddress(0)).toBe(0xc0000000);
    expect(logged).toMatch(/^error 0000:00:01\.0: bar0 .*does not fit/m);
  });

  it('aligns in a window that begins anywhere', () => {
    const sim = root.add(1, 0, new SimFunction({ bars: [{ index: 0, size: 4 * MIB }] }));
    assignBars(enumerate(), { start: 0xc0100000, end: 0xc1000000 });
    expect(sim.barAddress(0)).toBe(0xc0400000);
  });

  it('leaves I/O BARs alone', () => {
    const sim = root.add(1, 0, new SimFunction({ bars: [{ index: 0, size: 0x40, type: 1 }] }));
    expect(assignBars(enumerate(), range)).toEqual({ placed: 0, unplaced: 0 });
    expect(sim.barAddress(0)).toBe(0);
  });

  it('goes on after a function whose BARs are wrong, and says so', () => {
    root.add(1, 0, new SimFunction({ bars: [{ index: 0, size: 0x1000, type: 6 }] }));
    const good = root.add(2, 0, new SimFunction({ bars: [{ index: 0, size: 0x1000 }] }));
    expect(assignBars(enumerate(), range).placed).toBe(1);
    expect(good.barAddress(0)).not.toBe(0);
    expect(logged).toContain('reserved');
  });

  it('is not done where firmware placed one', () => {
    const placed = root.add(1, 0, new SimFunction({ bars: [{ index: 0, size: 0x1000, address: 0xfe000000 }] }));
    const unplaced = root.add(2, 0, new SimFunction({ bars: [{ index: 0, size: 0x1000 }] }));
    expect(startPci().placedBy).toBe('firmware');
    expect([placed.barAddress(0), unplaced.barAddress(0)]).toEqual([0xfe000000, 0]);
  });
});

/** Registers that read as `value` everywhere. */
const answering = (value: number): SimRegisters => ({ read: () => value, write: () => {} });
