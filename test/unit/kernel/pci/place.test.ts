import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { enablePath } from '../../../../kernel/pci/command.ts';
import { PciTree, WINDOW_IO, WINDOW_MEMORY, WINDOW_PREFETCHABLE } from '../../../../kernel/pci/function.ts';
import { startPci } from '../../../../kernel/pci/start.ts';
import { readWindows } from '../../../../kernel/pci/window.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { type SimBarOptions, SimBridge, SimBus, SimFunction, type SimRegisters } from '../../../sim/pci.ts';
import { functionsOf } from '../../../sim/setup.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const LOW = 0xc0000000;
const HIGH = 0x100000000;

let machine: SimMachine;
let root: SimBus;
let tree: PciTree;
let logged: string;

beforeEach(() => {
  machine = installMachine(new SimMachine());
  root = new SimBus();
  machine.pci = root;
  tree = new PciTree();
  logged = '';
  startLog((line) => {
    logged += line;
  }, 'debug');
});

afterEach(stopLog);

const device = (...bars: SimBarOptions[]): SimFunction => new SimFunction({ bars });

/** Brings PCI up and lets every function and every bridge do what it can, as drivers would. */
const startAll = (): void => {
  startPci(tree);
  for (const pciFunction of functionsOf(tree)) enablePath(tree, pciFunction);
};

/** Registers that read as `value` everywhere. */
const answering = (value: number): SimRegisters => ({ read: () => value, write: () => {} });

describe('placing', () => {
  it('puts each BAR at a multiple of its size, the largest first, without overlap', () => {
    const a = root.add(1, 0, device({ index: 0, size: 0x1000 }, { index: 4, size: 0x4000 }));
    const b = root.add(2, 0, device({ index: 1, size: 0x10000 }));
    startPci(tree);
    expect([b.barAddress(1), a.barAddress(4), a.barAddress(0)]).toEqual([LOW, LOW + 0x10000, LOW + 0x14000]);
    expect([tree.isPlacedByKernel, tree.unplacedCount]).toEqual([true, 0]);
    expect(functionsOf(tree).map(({ bars }) => bars[0]!.address)).toEqual([LOW + 0x14000, 0]);
  });

  it('puts what is behind a bridge into a window of the bridge, and a bridge behind a bridge into that', () => {
    const [outer, inner] = [new SimBus(), new SimBus()];
    const bridge = root.add(1, 0, new SimBridge(outer, { bars: [{ index: 0, size: 0x1000 }] }));
    const second = outer.add(0, 0, new SimBridge(inner));
    const deep = inner.add(
      3,
      0,
      device({ index: 0, size: 2 * MIB, registers: answering(7) }, { index: 4, size: 0x4000, type: 0xc }),
    );
    const shallow = outer.add(1, 0, device({ index: 0, size: 0x1000, registers: answering(8) }));
    const beside = root.add(2, 0, device({ index: 0, size: 0x1000 }));
    startAll();
    deep.write(4, 2, 2);
    shallow.write(4, 2, 2);
    for (const address of [deep.barAddress(0), deep.barAddress(4)]) {
      expect(bridge.passesMemory(address)).toBe(true);
      expect(second.passesMemory(address)).toBe(true);
    }
    for (const { barAddress } of [beside, bridge].map((each) => ({ barAddress: each.barAddress(0) }))) {
      expect(bridge.passesMemory(barAddress)).toBe(false);
    }
    expect(second.passesMemory(shallow.barAddress(0))).toBe(false);
    expect([root.readMemory(deep.barAddress(0), 4), root.readMemory(shallow.barAddress(0), 4)]).toEqual([7, 8]);
    expect([bridge.reachesMemory, second.reachesMemory]).toEqual([true, true]);
  });

  it('does not turn on a bridge with nothing behind it', () => {
    const bridge = root.add(1, 0, new SimBridge(new SimBus()));
    root.add(2, 0, device({ index: 0, size: 0x1000 }));
    startAll();
    expect(bridge.command).toBe(0);
  });

  it('closes the memory windows of a bridge that has only ports behind it', () => {
    const behind = new SimBus();
    const bridge = root.add(1, 0, new SimBridge(behind));
    behind.add(0, 0, device({ index: 0, size: 0x20, type: 1 }));
    root.add(2, 0, device({ index: 0, size: 0x1000 }));
    startAll();
    bridge.write(4, 2, 7);
    for (const address of [0, LOW, 0xfff00000]) expect(bridge.passesMemory(address)).toBe(false);
  });

  it('keeps one window in another although both hold things of several alignments', () => {
    const [outer, left, right] = [new SimBus(), new SimBus(), new SimBus()];
    root.add(1, 0, new SimBridge(outer));
    outer.add(0, 0, new SimBridge(left));
    outer.add(1, 0, new SimBridge(right));
    left.add(0, 0, device({ index: 0, size: MIB }));
    right.add(0, 0, device({ index: 0, size: 4 * MIB }, { index: 1, size: MIB }));
    outer.add(2, 0, device({ index: 0, size: 2 * MIB }));
    startPci(tree);
    const [above, ...bridges] = functionsOf(tree).filter(({ headerLayout }) => headerLayout === 1);
    const whole = above!.windows[WINDOW_MEMORY]!;
    const ranges = [...bridges.map(({ windows }) => windows[WINDOW_MEMORY]!), functionsOf(tree).at(-1)!.bars[0]!];
    for (const range of ranges) {
      expect(range.address).toBeGreaterThanOrEqual(whole.address);
      expect(range.address + range.size).toBeLessThanOrEqual(whole.address + whole.size);
      for (const other of ranges) {
        const apart = range.address + range.size <= other.address || other.address + other.size <= range.address;
        expect(range === other || apart).toBe(true);
      }
    }
    expect(tree.unplacedCount).toBe(0);
  });

  it('leaves what does not fit without an address, says so, and places the rest', () => {
    machine.hostWindows[1] = { start: LOW, end: LOW + 16 * MIB };
    const large = root.add(1, 0, device({ index: 0, size: 32 * MIB }));
    const behind = new SimBus();
    root.add(3, 0, new SimBridge(behind));
    const alsoLarge = behind.add(0, 0, device({ index: 2, size: 64 * MIB }));
    const small = root.add(2, 0, device({ index: 0, size: 0x1000 }));
    startPci(tree);
    expect([large.barAddress(0), alsoLarge.barAddress(2), small.barAddress(0)]).toEqual([0, 0, LOW]);
    expect(tree.unplacedCount).toBe(2);
    expect(logged).toMatch(/^error 0000:00:01\.0: bar0 .*does not fit/m);
    expect(logged).toMatch(/^error 0000:01:00\.0: bar2 .*does not fit/m);
  });

  it('aligns in a window that begins anywhere', () => {
    machine.hostWindows[1] = { start: LOW + MIB, end: LOW + 16 * MIB };
    const sim = root.add(1, 0, device({ index: 0, size: 4 * MIB }));
    startPci(tree);
    expect(sim.barAddress(0)).toBe(LOW + 4 * MIB);
  });

  it('leaves BARs below 1 MiB alone', () => {
    const sim = root.add(1, 0, device({ index: 0, size: 0x1000, type: 2 }, { index: 1, size: 0x1000 }));
    startPci(tree);
    expect([sim.barAddress(0), sim.barAddress(1)]).toEqual([0, LOW]);
  });

  it('goes on after a function whose BARs are wrong, and says so', () => {
    root.add(1, 0, device({ index: 0, size: 0x1000, type: 6 }));
    const good = root.add(2, 0, device({ index: 0, size: 0x1000 }));
    startPci(tree);
    expect(good.barAddress(0)).not.toBe(0);
    expect(logged).toMatch(/^error 0000:00:01\.0: BAR 0 .*reserved/m);
  });
});

describe('ports', () => {
  it('are placed, and bridges pass them on', () => {
    const behind = new SimBus();
    const bridge = root.add(1, 0, new SimBridge(behind));
    const sim = behind.add(0, 0, device({ index: 0, size: 0x40, type: 1 }));
    const beside = root.add(2, 0, device({ index: 1, size: 0x20, type: 1 }));
    startAll();
    expect(bridge.passesPort(sim.barAddress(0))).toBe(true);
    expect(bridge.passesPort(beside.barAddress(1))).toBe(false);
    expect(bridge.passesPort(0)).toBe(false);
    expect([beside.barAddress(1) % 0x20, beside.barAddress(1) >= 0xc000]).toEqual([0, true]);
  });

  it('are left alone, without a word, on a machine that has none for PCI', () => {
    machine.hostWindows[0] = { start: 0, end: 0 };
    const sim = root.add(1, 0, device({ index: 0, size: 0x40, type: 1 }));
    startPci(tree);
    expect([sim.barAddress(0), logged]).toEqual([0, '']);
  });

  it('behind a bridge that cannot pass them on are left without', () => {
    const behind = new SimBus();
    const bridge = root.add(1, 0, new SimBridge(behind));
    for (const offset of [0x1c, 0x1d]) bridge.writable.setUint8(offset, 0);
    const sim = behind.add(0, 0, device({ index: 0, size: 0x40, type: 1 }, { index: 1, size: 0x1000 }));
    startPci(tree);
    expect([sim.barAddress(0), sim.barAddress(1)]).toEqual([0, LOW]);
    expect(logged).toMatch(/^error 0000:00:01\.0: bridge: the I\/O window did not take/m);
  });
});

describe('memory above 4 GiB', () => {
  it('is used for a BAR of 64 bits that has no room below', () => {
    const sim = root.add(1, 0, device({ index: 0, size: 4 * GIB, type: 0xc }, { index: 2, size: 0x1000 }));
    startPci(tree);
    expect([sim.barAddress(0), sim.barAddress(2)]).toEqual([HIGH, LOW]);
  });

  it('is not used while there is room below', () => {
    const sim = root.add(1, 0, device({ index: 0, size: 256 * MIB, type: 4 }));
    startPci(tree);
    expect(sim.barAddress(0)).toBe(LOW);
  });

  it('is reached through the prefetchable windows of bridges in bridges', () => {
    const [outer, inner] = [new SimBus(), new SimBus()];
    const bridges = [root.add(1, 0, new SimBridge(outer)), outer.add(0, 0, new SimBridge(inner))];
    const sim = inner.add(0, 0, device({ index: 0, size: 4 * GIB, type: 0xc }, { index: 2, size: 0x1000 }));
    startAll();
    expect(sim.barAddress(0)).toBe(HIGH);
    for (const bridge of bridges) {
      expect(bridge.passesMemory(HIGH + 2 * GIB)).toBe(true);
      expect(bridge.passesMemory(sim.barAddress(2))).toBe(true);
      expect(bridge.passesMemory(HIGH + 4 * GIB)).toBe(false);
    }
  });

  it('is not reached where a bridge has no upper halves, and by nothing that is not prefetchable behind one', () => {
    const [narrow, inner, wide] = [new SimBus(), new SimBus(), new SimBus()];
    root.add(1, 0, new SimBridge(narrow).narrow());
    narrow.add(0, 0, new SimBridge(inner));
    root.add(2, 0, new SimBridge(wide));
    const sims = [
      inner.add(0, 0, device({ index: 0, size: 4 * GIB, type: 0xc })),
      wide.add(0, 0, device({ index: 0, size: 4 * GIB, type: 4 })),
    ];
    root.add(3, 0, device({ index: 0, size: 0x1000 }));
    startPci(tree);
    expect(sims.map((sim) => sim.barAddress(0))).toEqual([0, 0]);
    expect(logged.match(/does not fit/g)).toHaveLength(2);
    expect(logged).not.toContain('did not take'); // It was not even tried.
  });
});

describe('where firmware placed something', () => {
  const firmwares = (size: number, address: number): SimFunction => {
    const sim = device({ index: 0, size, address });
    sim.config.setUint16(4, 2, true);
    return sim;
  };

  it('nothing is sized, and no register is written', () => {
    const sim = root.add(1, 0, firmwares(0x1000, 0xfe000000));
    startPci(tree);
    expect([tree.isPlacedByKernel, sim.writes]).toEqual([false, []]);
  });

  it('what it left out goes into gaps, and the rest stays where it is', () => {
    const placed = [root.add(1, 0, firmwares(0x1000, LOW)), root.add(2, 0, firmwares(MIB, LOW + MIB))];
    const left = root.add(
      3,
      0,
      device({ index: 0, size: 0x1000 }, { index: 1, size: MIB }, { index: 2, size: 0x20, type: 1 }),
    );
    startPci(tree);
    expect(placed.map((sim) => sim.barAddress(0))).toEqual([LOW, LOW + MIB]);
    expect([0, 1, 2].map((index) => left.barAddress(index))).toEqual([LOW + 0x1000, LOW + 2 * MIB, 0xc000]);
    expect(tree.isPlacedByKernel).toBe(false);
  });

  it('ports are not memory, wherever they are, and what a bridge passes on is taken', () => {
    const behind = new SimBus();
    const bridge = root.add(1, 0, new SimBridge(behind).number(0, 1, 1));
    bridge.config.setUint32(0x20, 0xc010c000, true); // The first two MiB.
    bridge.config.setUint16(4, 7, true);
    root.add(2, 0, firmwares(0x1000, 0xc000));
    const left = root.add(3, 0, device({ index: 0, size: 0x1000 }, { index: 1, size: 0x20, type: 1 }));
    startPci(tree);
    expect([left.barAddress(0), left.barAddress(1)]).toEqual([LOW + 2 * MIB, 0xc000]);
  });

  it('behind a bridge only the window that it opened is used', () => {
    const behind = new SimBus();
    const bridge = root.add(1, 0, new SimBridge(behind).number(0, 1, 1));
    bridge.config.setUint32(0x20, 0xc020c020, true); // One MiB.
    bridge.config.setUint16(4, 7, true);
    const placed = behind.add(0, 0, firmwares(0x80000, 0xc0200000));
    const fits = behind.add(1, 0, device({ index: 0, size: 0x80000 }));
    const tooMuch = behind.add(2, 0, device({ index: 0, size: 0x1000 }));
    startPci(tree);
    expect([placed, fits, tooMuch].map((sim) => sim.barAddress(0))).toEqual([0xc0200000, 0xc0280000, 0]);
    expect(logged).toMatch(/^error 0000:01:02\.0: bar0 .*does not fit/m);
    expect(bridge.config.getUint32(0x20, true)).toBe(0xc020c020);
  });

  it('a BAR of 64 bits goes above 4 GiB where there is no gap below', () => {
    root.add(1, 0, firmwares(0x1000, LOW));
    const sim = root.add(2, 0, device({ index: 0, size: 4 * GIB, type: 0xc }));
    startPci(tree);
    expect(sim.barAddress(0)).toBe(HIGH);
  });
});

describe('the windows of a bridge', () => {
  it('are read from their registers', () => {
    const behind = new SimBus();
    const bridge = root.add(1, 0, new SimBridge(behind).number(0, 1, 1));
    bridge.config.setUint16(0x1c, 0xd0c0, true);
    bridge.config.setUint32(0x20, 0xfe5ffe40, true);
    bridge.config.setUint32(0x24, 0x00110001, true);
    bridge.config.setUint32(0x28, 0x38, true);
    bridge.config.setUint32(0x2c, 0x38, true);
    bridge.config.setUint16(4, 7, true);
    startPci(tree);
    const [pciFunction] = functionsOf(tree);
    readWindows(pciFunction!);
    const read = [WINDOW_IO, WINDOW_MEMORY, WINDOW_PREFETCHABLE].map((index) => pciFunction!.windows[index]!);
    expect(read.map(({ address, size }) => [address, size])).toEqual([
      [0xc000, 0x2000],
      [0xfe400000, 0x200000],
      [0x3800000000, 0x200000],
    ]);
  });

  it('are closed where the base is above the limit, or nobody wrote to them', () => {
    const bridge = root.add(1, 0, new SimBridge(new SimBus()).number(0, 1, 1));
    bridge.config.setUint32(0x20, 0x0000fff0, true);
    startPci(tree);
    const [pciFunction] = functionsOf(tree);
    readWindows(pciFunction!);
    for (const index of [WINDOW_IO, WINDOW_MEMORY, WINDOW_PREFETCHABLE]) {
      expect(pciFunction!.windows[index]).toMatchObject({ address: 0, size: 0 });
    }
  });
});
