import { describe, expect, it } from 'vitest';
import { disableCommand, enableCommand, enablePath } from '../../../../kernel/pci/command.ts';
import { PciTree } from '../../../../kernel/pci/function.ts';
import { enumerate } from '../../../../kernel/pci/scan.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { SimBridge, SimBus, SimFunction } from '../../../sim/pci.ts';
import { functionsOf, machineWith } from '../../../sim/setup.ts';

describe('the command register', () => {
  it('is written 16 bits wide, so that no error bit of the status is cleared', () => {
    const sim = new SimFunction();
    sim.config.setUint16(0x06, 0xf900, true);
    enableCommand(machineWith(sim).pciFunction, 6);
    expect(sim.command).toBe(6);
    expect(sim.config.getUint16(0x06, true)).toBe(0xf900);
    expect(sim.writes).toEqual(['write16 0x4 = 0x6']);
  });

  it('keeps the bits that were not named, and is not written where nothing changes', () => {
    const sim = new SimFunction();
    sim.config.setUint16(0x04, 0x0102, true);
    const { pciFunction } = machineWith(sim);
    enableCommand(pciFunction, 2);
    disableCommand(pciFunction, 4);
    expect(sim.writes).toEqual([]);
    disableCommand(pciFunction, 6);
    expect(sim.command).toBe(0x0100);
  });

  it('of every bridge above a function, and of no other, lets its accesses to memory pass', () => {
    const machine = installMachine(new SimMachine());
    const root = new SimBus();
    machine.pci = root;
    const [outer, inner] = [new SimBus(), new SimBus()];
    const first = root.add(1, 0, new SimBridge(outer).number(0, 1, 2));
    const second = outer.add(0, 0, new SimBridge(inner).number(1, 2, 2));
    const beside = root.add(2, 0, new SimBridge(new SimBus()).number(0, 3, 3));
    inner.add(0, 0, new SimFunction());
    const tree = new PciTree();
    enumerate(tree);
    enablePath(tree, functionsOf(tree)[2]!);
    expect([first.command, second.command, beside.command]).toEqual([4, 4, 0]);

    second.config.setUint32(0x20, 0xfe5ffe40, true); // A window that was opened and not turned on.
    enablePath(tree, functionsOf(tree)[2]!);
    expect([first.command, second.command]).toEqual([4, 6]);
  });
});
