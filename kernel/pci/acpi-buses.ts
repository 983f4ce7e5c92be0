'use machine';
// The numbers of buses for hot-plug by ACPI, out of the DSDT. ACPI 6.5 §20.2 (AML), §6.1.1 (_ADR); docs/specs/acpi_pci_hotplug of QEMU (BSEL).
//
//   Device(S08) { Name(_ADR, 0x00010000) … Name(BSEL, 4) …      the bus behind device 1, function 0 is number 4 of the registers
//
// The DSDT is a program, and this is no interpreter: such constants are found by their bytes, as boot/aml.zig does. A device that encloses the name is one whose length reaches
// beyond it; the innermost one's bridge it is, and those around it are the bridges before that. What is not written so is not found.

import { type bool, type FixedArray, fixedArray, type i32, type u8, type u32, type u53 } from '../base/machine.ts';
import { configFirstBus } from '../hal/config.ts';
import type { PciFunction, PciTree } from './function.ts';
import { findFunction, NO_FUNCTION } from './plug.ts';
import { HEADER_BRIDGE } from './registers.ts';

// Opcodes. §20.3
const NAME_OP: u8 = 0x08;
const BYTE_PREFIX: u8 = 0x0a;
const WORD_PREFIX: u8 = 0x0b;
const DWORD_PREFIX: u8 = 0x0c;
const EXTENDED_PREFIX: u8 = 0x5b;
const DEVICE_OP: u8 = 0x82;

/** Four letters, the first one lowest. */
const BSEL: u32 = 0x4c455342;
const ADR: u32 = 0x5244415f;

const NAME_SIZE: u32 = 4;

/** Numbers that are looked for: QEMU counts them from 0. */
export const PLUG_BUS_COUNT: u32 = 256;

/** No constant. */
const NO_VALUE: u53 = 0x100000000;

/** Which bridge the bus of each number is behind. */
export class PlugBuses {
  /** Elements of the tree, NO_FUNCTION for numbers that the DSDT has not. */
  bridges: FixedArray<i32, 256> = fixedArray(256, -1);
}

/** Notes what a DSDT, its header included, says of the bridges in the tree. Returns how many buses it has a number for. */
export const findPlugBuses = (tree: PciTree, dsdt: Uint8Array, buses: PlugBuses): u32 => {
  let count: u32 = 0;
  for (let number: u32 = 0; number < PLUG_BUS_COUNT; number++) buses.bridges[number] = NO_FUNCTION;
  for (let at: u32 = 0; at < dsdt.length; at++) {
    const number: u53 = namedValue(dsdt, at, BSEL);
    if (number >= PLUG_BUS_COUNT) continue;
    const bridge: i32 = enclosingBridge(tree, dsdt, at);
    if (bridge === NO_FUNCTION || buses.bridges[number] !== NO_FUNCTION) continue;
    buses.bridges[number] = bridge;
    count++;
  }
  return count;
};

/** Returns the bridge whose device encloses the byte at `at`; NO_FUNCTION when none does, or it is none of the tree. */
const enclosingBridge = (tree: PciTree, dsdt: Uint8Array, at: u32): i32 => {
  let bus: u32 = configFirstBus();
  let bridge: i32 = NO_FUNCTION;
  for (let start: u32 = 0; start + 2 < at; start++) {
    if (dsdt[start] !== EXTENDED_PREFIX || dsdt[start + 1] !== DEVICE_OP) continue;
    const lengthSize: u32 = 1 + (dsdt[start + 2] >> 6);
    const body: u32 = start + 2 + lengthSize + NAME_SIZE;
    const end: u32 = start + 2 + packageLength(dsdt, start + 2);
    if (body > at || end <= at || end > dsdt.length) continue;
    const place: u53 = namedValue(dsdt, body, ADR);
    if (place === NO_VALUE) continue; // The root: it has none, or one that comes later.
    bridge = bridgeAt(tree, bus, place);
    if (bridge === NO_FUNCTION) return NO_FUNCTION;
    bus = tree.functions[bridge].secondaryBus;
  }
  return bridge;
};

/** Returns the bridge at a place of a bus: the device in the upper 16 bits, the function in the lower ones. §6.1.1 */
const bridgeAt = (tree: PciTree, bus: u32, place: u53): i32 => {
  const device: u32 = Math.floor(place / 0x10000);
  const index: i32 = findFunction(tree, bus * 256 + (device & 31) * 8 + (place % 8));
  if (index === NO_FUNCTION) return NO_FUNCTION;
  const pciFunction: PciFunction = tree.functions[index];
  return pciFunction.headerLayout === HEADER_BRIDGE && pciFunction.secondaryBus !== 0 ? index : NO_FUNCTION;
};

/** Returns the bytes that the length at `at` spans, itself included. §20.2.4 */
const packageLength = (dsdt: Uint8Array, at: u32): u32 => {
  const lead: u8 = dsdt[at];
  const more: u32 = lead >> 6;
  if (more === 0) return lead & 0x3f;
  let length: u32 = lead & 0x0f;
  let scale: u32 = 16;
  for (let i: u32 = 1; i <= more && at + i < dsdt.length; i++) {
    length += dsdt[at + i] * scale;
    scale *= 256;
  }
  return length;
};

/** Returns the integer that is given the name `name` at `at`; NO_VALUE where that is not written there. §20.2.3, §20.2.5.1 */
const namedValue = (dsdt: Uint8Array, at: u32, name: u32): u53 => {
  const value: u32 = at + 1 + NAME_SIZE;
  if (value >= dsdt.length || dsdt[at] !== NAME_OP || !isName(dsdt, at + 1, name)) return NO_VALUE;
  const lead: u8 = dsdt[value];
  if (lead <= 1) return lead; // Zero, One.
  if (lead === BYTE_PREFIX) return integerAt(dsdt, value + 1, 1);
  if (lead === WORD_PREFIX) return integerAt(dsdt, value + 1, 2);
  return lead === DWORD_PREFIX ? integerAt(dsdt, value + 1, 4) : NO_VALUE;
};

const isName = (dsdt: Uint8Array, at: u32, name: u32): bool => integerAt(dsdt, at, NAME_SIZE) === name;

const integerAt = (dsdt: Uint8Array, at: u32, width: u32): u53 => {
  if (at + width > dsdt.length) return NO_VALUE;
  let value: u53 = 0;
  for (let i: u32 = width; i > 0; i--) value = value * 256 + dsdt[at + i - 1];
  return value;
};
