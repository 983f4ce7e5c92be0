import { beforeEach, describe, expect, it } from 'vitest';
import { findPlugBuses, PLUG_BUS_COUNT, PlugBuses } from '../../../../kernel/pci/acpi-buses.ts';
import { PciTree } from '../../../../kernel/pci/function.ts';
import { findFunction } from '../../../../kernel/pci/plug.ts';
import { startPci } from '../../../../kernel/pci/start.ts';
import { amlBridge, amlDevice, amlName, dsdtOf } from '../../../sim/acpi-plug.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { SimBridge, SimBus, SimFunction } from '../../../sim/pci.ts';

// 00:01.0 ─▶ bus 1;  00:02.0 ─▶ bus 2: 02:03.0 ─▶ bus 3;  00:04.0 is no bridge.
const tree = new PciTree();

beforeEach(() => {
  const machine = installMachine(new SimMachine());
  machine.pci = new SimBus();
  const inner = new SimBus();
  machine.pci.add(1, 0, new SimBridge(new SimBus()).number(0, 1, 1));
  machine.pci.add(2, 0, new SimBridge(inner).number(0, 2, 3));
  inner.add(3, 0, new SimBridge(new SimBus()).number(2, 3, 3));
  machine.pci.add(4, 0, new SimFunction());
  startPci(tree);
});

/** Returns the addresses of the bridges by number, as far as there are any. */
const find = (dsdt: Uint8Array): (string | undefined)[] => {
  const buses = new PlugBuses();
  const count = findPlugBuses(tree, dsdt, buses);
  const found = Array.from({ length: PLUG_BUS_COUNT }, (_, number) => {
    const index: number = buses.bridges[number];
    return index < 0 ? undefined : tree.functions[index].address.toString(16);
  });
  expect(found.filter((each) => each !== undefined)).toHaveLength(count);
  return found.slice(0, found.findLastIndex((each) => each !== undefined) + 1);
};

describe('the numbers of buses', () => {
  it('are those that the innermost device around them says, in whatever order', () => {
    expect(findFunction(tree, 0x218)).toBeGreaterThan(0);
    const inner = amlBridge(3, 1, amlDevice('S00_', amlName('_ADR', 0)));
    const slots = Array.from({ length: 8 }, (_, i) => amlDevice(`S${i}0_`, amlName('_ADR', 0), amlName('ASUN', i)));
    const root = amlDevice('PCI0', amlName('_UID', 1), amlBridge(2, 0, inner, ...slots), amlBridge(1, 3));
    expect(find(dsdtOf(root))).toEqual(['10', '218', undefined, '8']);
  });

  it('are none where the DSDT is missing, cut off, or names no bridge', () => {
    expect(find(new Uint8Array(0))).toEqual([]);
    expect(find(dsdtOf(amlBridge(4, 0), amlBridge(9, 1), amlName('BSEL', 2)))).toEqual([]);
    const whole = dsdtOf(amlBridge(1, 5));
    for (let length = 0; length < whole.length; length++) expect(find(whole.subarray(0, length))).toEqual([]);
    expect(find(whole)).toEqual([...Array<undefined>(5), '8']);
  });

  it('beyond what is looked for, and a second time, are passed over', () => {
    expect(find(dsdtOf(amlBridge(1, 256), amlBridge(1, 0x10000000)))).toEqual([]);
    expect(find(dsdtOf(amlBridge(1, 0), amlBridge(2, 0)))).toEqual(['8']);
  });

  it('are found, or not, whatever byte of the DSDT is wrong', () => {
    const dsdt = dsdtOf(amlBridge(2, 0, amlBridge(3, 1)), amlBridge(1, 2));
    for (let at = 0; at < dsdt.length; at++) {
      for (const byte of [0x00, 0x40, 0x5b, 0xc0, 0xff]) find(dsdt.map((each, i) => (i === at ? byte : each)));
    }
  });
});
