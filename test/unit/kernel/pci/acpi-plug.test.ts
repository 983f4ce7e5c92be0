import { beforeEach, describe, expect, it } from 'vitest';
import { ejectDevice, hasAcpiPlug, leavingDevices, takeArrived } from '../../../../kernel/pci/acpi-plug.ts';
import { SimAcpiPlug } from '../../../sim/acpi-plug.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { SimBridge, SimBus, SimFunction } from '../../../sim/pci.ts';

const ISA_BRIDGE = 0x1f;
let machine: SimMachine;
let bridges: SimBridge[];
let plug: SimAcpiPlug;

beforeEach(() => {
  machine = installMachine(new SimMachine());
  machine.pci = new SimBus();
  bridges = [1, 2].map((device) => machine.pci!.add(device, 0, new SimBridge(new SimBus())));
  plug = machine.pci.add(ISA_BRIDGE, 0, new SimAcpiPlug(machine, bridges));
});

describe('the registers of hot-plug by ACPI', () => {
  it('are there where the chipset is an ICH9 and the number of a bus stays selected', () => {
    expect(hasAcpiPlug()).toBe(true);
    plug.claimPort = () => undefined; // The ports answer all ones: hot-plug is the bridges' own.
    expect(hasAcpiPlug()).toBe(false);
    machine.pci!.add(ISA_BRIDGE, 0, new SimFunction({ vendorId: 0x8086, deviceId: 0x7000 }));
    expect(hasAcpiPlug()).toBe(false);
    machine.pci = undefined;
    expect(hasAcpiPlug()).toBe(false);
  });

  it('say of each bus once what has come, and what is to go until it is ejected', () => {
    plug.plug(0, 0, new SimFunction());
    plug.plug(1, 31, new SimFunction());
    plug.plug(1, 4, new SimFunction());
    expect([takeArrived(0), takeArrived(1), takeArrived(0), takeArrived(1)]).toEqual([1, 0x80000010, 0, 0]);
    plug.request(1, 31);
    expect([leavingDevices(0), leavingDevices(1), leavingDevices(1)]).toEqual([0, 0x80000000, 0x80000000]);
    ejectDevice(1, 31);
    expect([leavingDevices(1), plug.has(1, 31), plug.has(1, 4)]).toEqual([0, false, true]);
    expect(machine.violations).toEqual([]);
  });

  it('that read as all ones say nothing', () => {
    plug.claimPort = () => undefined;
    expect([takeArrived(0), leavingDevices(0)]).toEqual([0, 0]);
  });
});
