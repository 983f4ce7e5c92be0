// Simulated hot-plug by ACPI: the chipset's registers for it, and the DSDT that says which bus has which number. Written from docs/specs/acpi_pci_hotplug of QEMU and ACPI 6.5 §20.2;
// shares no code with kernel/pci.
//
// Strict: an access of another width, or an eject of what was not asked back, is a violation.

import type { SimMachine } from './machine.ts';
import { type SimBridge, SimFunction, type SimRegisters } from './pci.ts';

const PORTS = { start: 0x0cc0, end: 0x0cd8 };

const UP = 0;
const DOWN = 4;
const EJECT = 8;
const SELECT = 16;

interface PlugBus {
  readonly bridge: SimBridge;
  up: number;
  down: number;
}

/** The ICH9's bridge to ISA, at 00:1f.0, and the buses that have a number there. */
export class SimAcpiPlug extends SimFunction implements SimRegisters {
  /** Ejections do nothing. */
  isStuck = false;
  private readonly machine: SimMachine;
  private readonly buses: readonly PlugBus[];
  private selected = 0;

  constructor(machine: SimMachine, bridges: readonly SimBridge[]) {
    super({ vendorId: 0x8086, deviceId: 0x2918, classCode: 0x06, subclass: 0x01 });
    this.machine = machine;
    this.buses = bridges.map((bridge) => ({ bridge, up: 0, down: 0 }));
  }

  /** Puts a device in, function 0 first. */
  plug(number: number, device: number, ...functions: SimFunction[]): void {
    const bus = this.buses[number]!;
    for (const [index, each] of functions.entries()) bus.bridge.bus.add(device, index, each);
    bus.up = (bus.up | (1 << device)) >>> 0;
  }

  /** Asks for a device back. */
  request(number: number, device: number): void {
    const bus = this.buses[number]!;
    bus.down = (bus.down | (1 << device)) >>> 0;
  }

  /** Returns whether a device is there. */
  has(number: number, device: number): boolean {
    const { bridge } = this.buses[number]!;
    return bridge.bus.find(0, 0, device * 8) !== undefined;
  }

  override claimPort(port: number): { registers: SimRegisters; offset: number } | undefined {
    return port >= PORTS.start && port < PORTS.end
      ? { registers: this.registers, offset: port - PORTS.start }
      : undefined;
  }

  private readonly registers: SimRegisters = {
    read: (offset, width) => this.readRegister(offset, width),
    write: (offset, width, value) => this.writeRegister(offset, width, value),
  };

  private readRegister(offset: number, width: number): number {
    if (width !== 4) this.machine.violate(`register ${offset} of hot-plug is read ${width} bytes wide`);
    const bus = this.buses[this.selected];
    if (offset === SELECT) return this.selected;
    if (bus === undefined) return 0;
    const { up } = bus;
    if (offset === UP) bus.up = 0;
    if (offset === UP) return up;
    return offset === DOWN ? bus.down : 0;
  }

  private writeRegister(offset: number, width: number, value: number): void {
    if (width !== 4) this.machine.violate(`register ${offset} of hot-plug is written ${width} bytes wide`);
    if (offset === SELECT) this.selected = value;
    if (offset === EJECT) this.eject(this.buses[this.selected], value);
  }

  private eject(bus: PlugBus | undefined, bits: number): void {
    const device = 31 - Math.clz32(bits & -bits);
    if (bus === undefined || (bus.down & bits) === 0)
      this.machine.violate(`device ${device} is ejected, which nobody asked for`);
    if (bus === undefined || this.isStuck) return;
    for (let index = 0; index < 8; index++) bus.bridge.bus.remove(device, index);
    bus.down = (bus.down & ~bits) >>> 0;
  }
}

// The DSDT.

const NAME = 0x08;
const DEVICE = [0x5b, 0x82];

const letters = (name: string): number[] => [...name].map((letter) => letter.charCodeAt(0));

const le32 = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);

/** Returns `Name(NAME, value)`, with the shortest constant. */
export const amlName = (name: string, value: number): number[] => {
  const constant = value < 2 ? [value] : value < 0x100 ? [0x0a, value] : [0x0c, ...le32(value)];
  return [NAME, ...letters(name), ...constant];
};

/** Returns `Device(NAME) { … }`. */
export const amlDevice = (name: string, ...body: readonly number[][]): number[] => {
  const content = [...letters(name), ...body.flat()];
  if (content.length < 63) return [...DEVICE, content.length + 1, ...content];
  const length = content.length + 2; // Of two bytes: four bits, and eight.
  return [...DEVICE, 0x40 | (length & 0x0f), length >> 4, ...content];
};

/** Returns the device of a bridge whose bus has a number, with what else is in it. */
export const amlBridge = (device: number, number: number, ...body: readonly number[][]): number[] => {
  const name = `S${(device * 8).toString(16).toUpperCase().padStart(2, '0')}_`;
  return amlDevice(name, amlName('_ADR', device * 0x10000), ...body, amlName('BSEL', number));
};

/** Returns a DSDT of so much code. */
export const dsdtOf = (...code: readonly number[][]): Uint8Array =>
  Uint8Array.from([...Array<number>(36).fill(0), ...code.flat()]);
