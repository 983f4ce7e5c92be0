// A simulated port with a slot for hot-plug. Written from PCI Express Base 5.0 §6.7.1, §6.7.3, §7.5.3.9 to §7.5.3.11; shares no code with kernel/pci.
//
// Strict: a command before the last one is done is a violation. What is in the slot answers while it has power, and has forgotten everything when it gets
// power again.

import type { SimMachine } from './machine.ts';
import { MSIX_BAR_SIZE, msixCapability, SimMsix } from './msix.ts';
import { SimBridge, SimBus, type SimFunction } from './pci.ts';

/** Where the capability is: the first one. */
const EXPRESS = 0x40;
const CONTROL = EXPRESS + 0x18;
const STATUS = EXPRESS + 0x1a;

const BUTTON = 1 << 0;
const PRESENCE_CHANGED = 1 << 3;
const COMPLETED = 1 << 4;
const PRESENT = 1 << 6;
const LINK_CHANGED = 1 << 8;
const EVENTS = 0x11f;

const INTERRUPT_ENABLE = 1 << 5;
const POWER_OFF = 1 << 10;
const INTERRUPT_DISABLE = 0x400;

/** What a port is like. */
export interface SimPortOptions {
  readonly slotNumber?: number;
  /** Of the slot capabilities. Default: button, power controller, both indicators, surprise, hot-plug. */
  readonly capabilities?: number;
  /** It interrupts by MSI-X, by its pin, or not at all. */
  readonly interrupts?: 'message' | 'line' | 'none';
  /** A command is done after so many nanoseconds; Infinity: never. */
  readonly commandNs?: number;
}

const le16 = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff];
const le32 = (value: number): number[] => [...le16(value & 0xffff), ...le16(value >>> 16)];

/** A port. Its `bus` has what is in the slot, while that has power. */
export class SimPort extends SimBridge {
  /** Values of the power indicator, one behind the other: 1 on, 2 blinking, 3 off. */
  readonly indicators: number[] = [];
  /** Called when power is off and so is the indicator, while something is in the slot: QEMU takes it out then. */
  onOff: () => void = () => {};
  private readonly machine: SimMachine;
  private readonly options: SimPortOptions;
  private readonly msix: SimMsix | undefined;
  private contents: readonly SimFunction[] = [];
  private wasNotified = false;
  private isCommanded = false;

  constructor(machine: SimMachine, options: SimPortOptions = {}) {
    const { slotNumber = 1, capabilities = 0x7b, interrupts = 'message', commandNs = 0 } = options;
    const flags = 2 + 4 * 16 + 0x100; // Version 2, a root port, with a slot.
    const slot = [...le32(slotNumber * 2 ** 19 + capabilities), ...le16(0x07c0), ...le16(0)];
    const express = [0x10, 0, ...le16(flags), ...Array<number>(16).fill(0), ...slot, ...Array<number>(32).fill(0)];
    const hasMessages = interrupts === 'message';
    let msix: SimMsix | undefined;
    if (hasMessages) msix = new SimMsix(machine, () => this, 1);
    super(new SimBus(), {
      capabilities: hasMessages ? [express, msixCapability(1, 0)] : [express],
      bars: msix === undefined ? [] : [{ index: 0, size: MSIX_BAR_SIZE, registers: msix }],
    });
    this.machine = machine;
    this.options = { ...options, interrupts, commandNs };
    this.msix = msix;
    this.config.setUint8(0x3d, interrupts === 'line' ? 1 : 0);
    this.writable.setUint16(CONTROL, 0x1fff, true);
    msix?.attach();
    const refresh = this.onConfigWrite;
    this.onConfigWrite = () => {
      refresh();
      this.updateLine();
    };
  }

  get hasPower(): boolean {
    return (this.control & POWER_OFF) === 0;
  }

  get isFilled(): boolean {
    return this.contents.length > 0;
  }

  /** Returns whether an address is in the memory window. */
  claimsWindow(address: number): boolean {
    const base = (this.config.getUint16(0x20, true) & 0xfff0) * 0x10000;
    const limit = (this.config.getUint16(0x22, true) & 0xfff0) * 0x10000 + 0xfffff;
    return address >= base && address <= limit;
  }

  /** Puts a device in before the machine starts. */
  fill(...functions: SimFunction[]): this {
    this.config.setUint16(CONTROL, 0x01c0, true);
    this.config.setUint16(STATUS, PRESENT, true);
    this.contents = functions;
    for (const each of functions) powerOff(each);
    this.connect();
    return this;
  }

  /** Puts a device in, and presses the button, as QEMU does. Function 0 comes first. */
  plug(...functions: SimFunction[]): void {
    this.contents = functions;
    if (this.hasPower) this.connect();
    this.setStatus(this.status | PRESENT | PRESENCE_CHANGED | BUTTON);
  }

  /** Takes out what is in the slot. */
  pull(): void {
    this.disconnect();
    this.contents = [];
    this.setStatus((this.status & ~PRESENT) | PRESENCE_CHANGED);
  }

  /** Presses the attention button. */
  press(): void {
    this.setStatus(this.status | BUTTON);
  }

  /** Says that something is in the slot, or nothing, whatever there is. */
  claimPresence(isThere: boolean): void {
    this.setStatus((isThere ? this.status | PRESENT : this.status & ~PRESENT) | PRESENCE_CHANGED | LINK_CHANGED);
  }

  override write(offset: number, width: number, value: number): void {
    if (offset === STATUS) {
      if (width !== 2) this.machine.violate(`slot status is written ${width} bytes wide`);
      this.setStatus(this.status & ~(value & EVENTS));
      return;
    }
    const before = this.control;
    super.write(offset, width, value);
    if (offset === CONTROL) this.obey(before, width);
  }

  private get control(): number {
    return this.config.getUint16(CONTROL, true);
  }

  private get status(): number {
    return this.config.getUint16(STATUS, true);
  }

  private obey(before: number, width: number): void {
    if (width !== 2) this.machine.violate(`slot control is written ${width} bytes wide`);
    if (this.isCommanded) this.machine.violate('a command to the slot before the last one is done');
    const { commandNs = 0 } = this.options;
    this.isCommanded = Number.isFinite(commandNs);
    if (this.isCommanded) this.machine.after(commandNs, () => this.complete());
    const indicator = (this.control >> 8) & 3;
    if (indicator !== ((before >> 8) & 3)) this.indicators.push(indicator);
    const had = (before & POWER_OFF) === 0;
    if (had && !this.hasPower) this.disconnect();
    if (!had && this.hasPower) this.connect();
    if (!this.hasPower && indicator === 3 && this.contents.length > 0) this.onOff();
    this.notify();
  }

  private complete(): void {
    this.isCommanded = false;
    this.setStatus(this.status | COMPLETED);
  }

  private connect(): void {
    for (const [index, each] of this.contents.entries()) this.bus.add(0, index, each);
  }

  private disconnect(): void {
    for (const [index, each] of this.contents.entries()) {
      this.bus.remove(0, index);
      powerOff(each);
    }
  }

  private setStatus(status: number): void {
    this.config.setUint16(STATUS, status, true);
    this.notify();
  }

  private get isNotifying(): boolean {
    return (this.control & INTERRUPT_ENABLE) !== 0 && (this.status & this.control & EVENTS) !== 0;
  }

  /** A message goes out when the first event comes; a line is asserted while there is one. §6.7.3.4 */
  private notify(): void {
    const had = this.wasNotified;
    this.wasNotified = this.isNotifying;
    if (!had && this.wasNotified && this.msix?.isEnabled) this.msix.send(0);
    this.updateLine();
  }

  private updateLine(): void {
    if (this.options?.interrupts !== 'line' || this.parent === undefined) return;
    const { device, pin } = this.rootPin(1);
    const { interrupts } = this.machine;
    if (interrupts.firstPinLine === undefined) return;
    const isOpen = this.isNotifying && (this.command & INTERRUPT_DISABLE) === 0;
    interrupts.setLine(interrupts.firstPinLine + ((device + pin - 1) & 3), isOpen, this);
  }
}

/** A function without power forgets where it was and what it was told. */
const powerOff = (pciFunction: SimFunction): void => {
  const { config, writable } = pciFunction;
  for (let offset = 0x10; offset < 0x28; offset += 4) {
    const flags = config.getUint32(offset, true) & 0xf;
    config.setUint32(offset, writable.getUint32(offset, true) === 0 ? 0 : flags, true);
  }
  config.setUint16(0x04, 0, true);
  pciFunction.parent = undefined;
};
