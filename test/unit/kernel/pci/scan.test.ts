import { beforeEach, describe, expect, it } from 'vitest';
import { formatAddress } from '../../../../kernel/pci/describe.ts';
import { FAULT_NO_BUS_NUMBER } from '../../../../kernel/pci/fault.ts';
import { FUNCTION_TABLE_SIZE, PciTree } from '../../../../kernel/pci/function.ts';
import { enumerate } from '../../../../kernel/pci/scan.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { SimBridge, SimBus, SimFunction } from '../../../sim/pci.ts';
import { functionsOf } from '../../../sim/setup.ts';

let machine: SimMachine;
let root: SimBus;
let tree: PciTree;

beforeEach(() => {
  machine = installMachine(new SimMachine());
  root = new SimBus();
  machine.pci = root;
  tree = new PciTree();
});

/** Enumerates, and returns the addresses in the order of the tree. */
const names = (): string[] => {
  enumerate(tree);
  return functionsOf(tree).map(({ address }) => formatAddress(address));
};

describe('enumeration', () => {
  it('finds nothing where there is no PCI', () => {
    machine.pci = undefined;
    expect(names()).toEqual([]);
  });

  it('finds devices in order, wherever they are', () => {
    root.add(31, 0, new SimFunction());
    root.add(0, 0, new SimFunction());
    expect(names()).toEqual(['0000:00:00.0', '0000:00:1f.0']);
  });

  it('reads who a function is', () => {
    const sim = root.add(
      3,
      0,
      new SimFunction({ vendorId: 0x1af4, deviceId: 0x1042, classCode: 1, subclass: 0x80, multiFunction: true }),
    );
    sim.config.setUint16(0x08, 0x0201, true);
    sim.config.setUint32(0x2c, 0x11001af5, true);
    sim.config.setUint16(0x3c, 0x020b, true);
    names();
    const { capabilities, bars, windows, fault, ...told } = tree.functions[0]!;
    expect(told).toMatchObject({
      address: 0x18,
      parent: -1,
      depth: 0,
      vendorId: 0x1af4,
      deviceId: 0x1042,
      revisionId: 1,
      programmingInterface: 2,
      subclass: 0x80,
      classCode: 1,
      headerLayout: 0,
      isMultiFunction: true,
      subsystemVendorId: 0x1af5,
      subsystemId: 0x1100,
      interruptLine: 11,
      interruptPin: 2,
      secondaryBus: 0,
      subordinateBus: 0,
    });
  });

  it('writes to nothing where the buses are numbered', () => {
    const sims = [root.add(0, 0, new SimFunction()), root.add(2, 0, new SimBridge(new SimBus()).number(0, 1, 1))];
    names();
    expect(sims.flatMap(({ writes }) => writes)).toEqual([]);
  });

  it('leaves out what there is no room for, and says so', () => {
    for (let device = 0; device < 32; device++) {
      for (let index = 0; index < 8; index++) root.add(device, index, new SimFunction({ multiFunction: true }));
    }
    expect(names()).toHaveLength(FUNCTION_TABLE_SIZE);
    expect(tree.isFull).toBe(false);
    const behind = new SimBus();
    root.add(0, 0, new SimBridge(behind, { multiFunction: true }).number(0, 1, 1));
    behind.add(0, 0, new SimFunction());
    expect(names()).toHaveLength(FUNCTION_TABLE_SIZE);
    expect(tree.isFull).toBe(true);
  });
});

describe('W12: several functions, and buses behind bridges', () => {
  it('the other functions of a multi-function device are found', () => {
    root.add(1, 0, new SimFunction({ multiFunction: true }));
    root.add(1, 3, new SimFunction());
    root.add(1, 7, new SimFunction());
    expect(names()).toEqual(['0000:00:01.0', '0000:00:01.3', '0000:00:01.7']);
  });

  it('the ghosts of a single-function device are not reported', () => {
    root.add(1, 0, new SimFunction());
    root.haunt(1);
    root.add(2, 0, new SimBridge(new SimBus()).number(0, 1, 1));
    root.haunt(2);
    expect(names()).toEqual(['0000:00:01.0', '0000:00:02.0']);
  });

  it('a device without function 0 is none', () => {
    root.add(1, 1, new SimFunction());
    expect(names()).toEqual([]);
  });

  it('the numbers that firmware gave are followed, and not changed', () => {
    const behind = new SimBus();
    const bridge = root.add(2, 0, new SimBridge(behind).number(0, 5, 6));
    const inner = new SimBus();
    const second = behind.add(0, 0, new SimBridge(inner).number(5, 6, 6));
    inner.add(4, 0, new SimFunction());
    expect(names()).toEqual(['0000:00:02.0', '0000:05:00.0', '0000:06:04.0']);
    expect(functionsOf(tree).map(({ parent, depth }) => [parent, depth])).toEqual([
      [-1, 0],
      [0, 1],
      [1, 2],
    ]);
    expect([...bridge.writes, ...second.writes]).toEqual([]);
  });

  it('a bridge in another function than the first is one too', () => {
    root.add(1, 0, new SimFunction({ multiFunction: true }));
    const behind = new SimBus();
    root.add(1, 5, new SimBridge(behind).number(0, 1, 1));
    behind.add(0, 0, new SimFunction());
    expect(names()).toEqual(['0000:00:01.0', '0000:00:01.5', '0000:01:00.0']);
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
    expect([a, b, c].map(({ secondary, subordinate }) => [secondary, subordinate])).toEqual([
      [1, 2],
      [2, 2],
      [3, 3],
    ]);
    expect([a, b, c].map(({ config }) => config.getUint8(0x18))).toEqual([0, 1, 0]);
    expect(functionsOf(tree).map(({ secondaryBus, subordinateBus }) => [secondaryBus, subordinateBus])).toEqual([
      [1, 2],
      [2, 2],
      [0, 0],
      [3, 3],
      [0, 0],
    ]);
    expect(tree.isNumberedByKernel).toBe(true);
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

  it.each([
    ['above', 9],
    ['of its own bus', 1],
  ])('is done anew for a bridge whose bus is one %s', (_, secondary) => {
    const [outer, inner] = [new SimBus(), new SimBus()];
    root.add(2, 0, new SimBridge(outer).number(0, 1, 1));
    outer.add(0, 0, new SimBridge(inner).number(1, secondary, secondary));
    inner.add(0, 0, new SimFunction());
    expect(names()).toEqual(['0000:00:02.0', '0000:01:00.0', '0000:02:00.0']);
  });

  it('is done anew for a bridge that takes a bus of the bridge beside the one above it', () => {
    const [outer, inner, beside] = [new SimBus(), new SimBus(), new SimBus()];
    root.add(2, 0, new SimBridge(outer).number(0, 1, 3));
    outer.add(0, 0, new SimBridge(inner).number(1, 2, 4));
    root.add(3, 0, new SimBridge(beside).number(0, 4, 4));
    inner.add(0, 0, new SimFunction());
    expect(names()).toEqual(['0000:00:02.0', '0000:01:00.0', '0000:02:00.0', '0000:00:03.0']);
  });

  it('ends where no number is left, says so, and keeps the rest', () => {
    machine.lastBus = 1;
    const [first, second] = [new SimBus(), new SimBus()];
    first.add(0, 0, new SimFunction());
    second.add(0, 0, new SimFunction());
    root.add(2, 0, new SimBridge(first));
    root.add(3, 0, new SimBridge(second));
    expect(names()).toEqual(['0000:00:02.0', '0000:01:00.0', '0000:00:03.0']);
    expect(functionsOf(tree).at(-1)!.fault).toMatchObject({ code: FAULT_NO_BUS_NUMBER, first: 1 });
  });

  it('ends although each bus has one more bridge', () => {
    machine.lastBus = 20;
    const endless = new SimBus();
    endless.add(0, 0, new SimBridge(endless));
    machine.pci = endless;
    expect(() => names()).not.toThrow();
  });
});
