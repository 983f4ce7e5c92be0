import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { enumerate, flatten } from '../../../../kernel/pci/bus.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { SimBridge, SimBus, SimFunction } from '../../../sim/pci.ts';

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

const names = (): string[] => flatten(enumerate()).map((each) => each.name);

describe('enumeration', () => {
  it('finds nothing where there is no PCI', () => {
    machine.pci = undefined;
    expect(enumerate()).toEqual([]);
  });

  it('finds devices in order, wherever they are', () => {
    root.add(31, 0, new SimFunction());
    root.add(0, 0, new SimFunction());
    expect(names()).toEqual(['0000:00:00.0', '0000:00:1f.0']);
  });

  it('asks for the other functions of a multi-function device', () => {
    root.add(1, 0, new SimFunction({ multiFunction: true }));
    root.add(1, 3, new SimFunction());
    root.add(1, 7, new SimFunction());
    expect(names()).toEqual(['0000:00:01.0', '0000:00:01.3', '0000:00:01.7']);
  });

  it('does not report the ghosts of a single-function device', () => {
    root.add(1, 0, new SimFunction());
    root.haunt(1);
    expect(names()).toEqual(['0000:00:01.0']);
  });

  it('a device without function 0 is none', () => {
    root.add(1, 1, new SimFunction());
    expect(names()).toEqual([]);
  });

  it('follows the numbers that firmware gave, and does not change them', () => {
    const behind = new SimBus();
    const bridge = root.add(2, 0, new SimBridge(behind).number(0, 5, 6));
    const inner = new SimBus();
    const second = behind.add(0, 0, new SimBridge(inner).number(5, 6, 6));
    inner.add(4, 0, new SimFunction());
    expect(names()).toEqual(['0000:00:02.0', '0000:05:00.0', '0000:06:04.0']);
    expect([...bridge.writes, ...second.writes]).toEqual([]);
  });

  it('is a tree', () => {
    const behind = new SimBus();
    root.add(2, 0, new SimBridge(behind).number(0, 1, 1));
    behind.add(0, 0, new SimFunction());
    const [node] = enumerate();
    expect(node?.pciFunction.isBridge).toBe(true);
    expect(node?.children.map((child) => child.pciFunction.name)).toEqual(['0000:01:00.0']);
  });
});

describe('numbering of buses', () => {
  it('is done where firmware did not, depth first', () => {
    const [first, second, third] = [new SimBus(), new SimBus(), new SimBus()];
    const a = root.add(2, 0, new SimBridge(first));
    const b = first.add(1, 0, new SimBridge(second));
    const c = root.add(3, 0, new SimBridge(third));
    second.add(0, 0, new SimFunction());
    third.add(0, 0, new SimFunction());
    expect(names()).toEqual(['0000:00:02.0', '0000:01:01.0', '0000:02:00.0', '0000:00:03.0', '0000:03:00.0']);
    expect([a.secondary, a.subordinate, b.secondary, b.subordinate, c.secondary, c.subordinate]).toEqual([
      1, 2, 2, 2, 3, 3,
    ]);
    expect(a.config.getUint8(0x18)).toBe(0);
    expect(b.config.getUint8(0x18)).toBe(1);
  });

  it.each<[string, [number, number, number], [number, number, number]]>([
    ['overlap', [0, 1, 2], [0, 2, 3]],
    ['are the same', [0, 1, 1], [0, 1, 1]],
    ['lead back to bus 0', [0, 0, 3], [0, 4, 4]],
    ['run backwards', [0, 3, 1], [0, 4, 4]],
    ['name another primary bus', [7, 1, 1], [0, 2, 2]],
  ])('is done anew where numbers %s', (_, first, second) => {
    const [behindFirst, behindSecond] = [new SimBus(), new SimBus()];
    behindFirst.add(0, 0, new SimFunction());
    behindSecond.add(0, 0, new SimFunction());
    root.add(2, 0, new SimBridge(behindFirst).number(...first));
    root.add(3, 0, new SimBridge(behindSecond).number(...second));
    expect(names()).toEqual(['0000:00:02.0', '0000:01:00.0', '0000:00:03.0', '0000:02:00.0']);
  });

  it('is done anew for a bridge whose buses lie outside those of the one above', () => {
    const [outer, inner] = [new SimBus(), new SimBus()];
    root.add(2, 0, new SimBridge(outer).number(0, 1, 1));
    outer.add(0, 0, new SimBridge(inner).number(1, 9, 9));
    inner.add(0, 0, new SimFunction());
    expect(names()).toEqual(['0000:00:02.0', '0000:01:00.0', '0000:02:00.0']);
  });

  it('ends where no number is left, says so, and keeps the rest', () => {
    machine.lastBus = 1;
    const [first, second] = [new SimBus(), new SimBus()];
    first.add(0, 0, new SimFunction());
    second.add(0, 0, new SimFunction());
    root.add(2, 0, new SimBridge(first));
    root.add(3, 0, new SimBridge(second));
    expect(names()).toEqual(['0000:00:02.0', '0000:01:00.0', '0000:00:03.0']);
    expect(logged).toMatch(/^error 0000:00:03\.0: bridge: no bus number/);
  });

  it('ends although each bus has one more bridge', () => {
    machine.lastBus = 20;
    const endless = new SimBus();
    endless.add(0, 0, new SimBridge(endless));
    machine.pci = endless;
    expect(() => enumerate()).not.toThrow();
  });
});
