import { describe, expect, it } from 'vitest';
import { NO_INTERRUPT } from '../../../../kernel/hal/interrupts.ts';
import { setPinDisabled } from '../../../../kernel/pci/command.ts';
import { type PciFunction, PciTree } from '../../../../kernel/pci/function.ts';
import { findLineOfPin, InterruptLine, silencePins } from '../../../../kernel/pci/intx.ts';
import { enumerate } from '../../../../kernel/pci/scan.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { SimBridge, SimBus, SimFunction } from '../../../sim/pci.ts';
import { functionsOf } from '../../../sim/setup.ts';

const VENDOR = 0x1af4;
const FIRST_LINE = 16;
const COMMAND = 0x04;
const PIN_DISABLED = 0x400;

const withPin = (pin: number): SimFunction => {
  const sim = new SimFunction({ vendorId: VENDOR });
  sim.config.setUint8(0x3d, pin);
  return sim;
};

/** Returns the line of the only function of VENDOR that is found. */
const lineIn = (bus: SimBus, change: (machine: SimMachine) => void = () => {}): InterruptLine => {
  const machine = installMachine(new SimMachine());
  machine.pci = bus;
  change(machine);
  const tree = new PciTree();
  enumerate(tree);
  const found = functionsOf(tree).filter((each) => each.vendorId === VENDOR);
  expect(found).toHaveLength(1);
  const line = new InterruptLine();
  expect(findLineOfPin(tree, found[0] as PciFunction, line)).toBe(line.gsi !== NO_INTERRUPT);
  return line;
};

describe('the line of a pin', () => {
  it.each([
    [2, 1, FIRST_LINE + 2],
    [2, 4, FIRST_LINE + 1],
    [31, 2, FIRST_LINE],
  ])('of device %i on the first bus, pin %i, is what ACPI says', (device, pin, gsi) => {
    const bus = new SimBus();
    bus.add(device, 0, withPin(pin));
    expect(lineIn(bus).gsi).toBe(gsi);
  });

  it.each([
    // Each bridge turns the pin by the number of the device: (pin - 1 + device) mod 4, then the bridge's own place counts.
    [0, 1, 4, FIRST_LINE],
    [5, 1, 4, FIRST_LINE + 1],
    [5, 4, 3, FIRST_LINE + 3],
  ])(
    'of device %i behind a bridge, pin %i, is that of a pin of the bridge, which is device %i',
    (device, pin, at, gsi) => {
      const behind = new SimBus();
      behind.add(device, 0, withPin(pin));
      const bus = new SimBus();
      bus.add(at, 0, new SimBridge(behind).number(0, 1, 1));
      expect(lineIn(bus).gsi).toBe(gsi);
    },
  );

  it('is followed through two bridges, as the simulated wires are', () => {
    const far = new SimBus();
    const sim = far.add(7, 0, withPin(3));
    const near = new SimBus();
    near.add(2, 0, new SimBridge(far).number(1, 2, 2));
    const bus = new SimBus();
    bus.add(3, 0, new SimBridge(near).number(0, 1, 2));
    const root = sim.rootPin(3);
    expect(lineIn(bus).gsi).toBe(FIRST_LINE + ((root.device + root.pin - 1) % 4));
    expect(lineIn(bus).gsi).toBe(FIRST_LINE + ((3 + 2 + 7 + 3 - 1) % 4));
  });

  it.each([0, 5, 255])('is none where the function has no pin: %i', (pin) => {
    const bus = new SimBus();
    bus.add(2, 0, withPin(pin));
    expect(lineIn(bus).gsi).toBe(NO_INTERRUPT);
  });

  it('is none where nothing tells', () => {
    const bus = new SimBus();
    bus.add(2, 0, withPin(1));
    expect(
      lineIn(bus, (machine) => {
        machine.interrupts.firstPinLine = undefined;
      }).gsi,
    ).toBe(NO_INTERRUPT);
  });
});

describe('pins that nobody listens to', () => {
  it('are turned off, once: what was turned on since stays on', () => {
    const machine = installMachine(new SimMachine());
    const behind = new SimBus();
    const far = behind.add(1, 0, withPin(1));
    machine.pci = new SimBus();
    const near = machine.pci.add(2, 0, withPin(1));
    const bridge = machine.pci.add(3, 0, new SimBridge(behind).number(0, 1, 1));
    const tree = new PciTree();
    enumerate(tree);
    near.write(COMMAND, 2, 7);
    silencePins(tree);
    expect([near, far, bridge].map(({ command }) => command & PIN_DISABLED)).toEqual(new Array(3).fill(PIN_DISABLED));
    expect(near.command & 7).toBe(7);
    setPinDisabled(2 * 8, false);
    silencePins(tree);
    expect([near, far].map(({ command }) => command & PIN_DISABLED)).toEqual([0, PIN_DISABLED]);
  });
});
