'use machine';
// What is known of the PCI buses: records that the other modules here fill and read. PCI Local Bus 3.0 §6.1, PCI-to-PCI Bridge 1.2 §3.2.
//
//   PciTree ─ functions[0 … count-1], bus by bus, each bridge before what lies behind it
//               ├─ bars[0 … 5]        what it decodes
//               ├─ windows[0 … 2]     what it passes on, a bridge alone
//               └─ capabilities[0 … capabilityCount-1]
//
// Everything in them was said by devices and checked before it was noted. All fields start as zero: a tree has room for far more functions than
// a machine has, and memory that nobody wrote to costs nothing.

import {
  type bool,
  type FixedArray,
  fixedArray,
  type i32,
  type u8,
  type u16,
  type u32,
  type u53,
} from '../base/machine.ts';

/** How many functions a tree has room for. */
export const FUNCTION_TABLE_SIZE: u32 = 256;

/** How many elements a capability list may have: (256 - 64) / 4; one more means a loop. */
export const CAPABILITY_COUNT_MAX: u32 = 48;

// What a BAR decodes.
export const BAR_KIND_NONE: u8 = 0;
export const BAR_KIND_IO: u8 = 1;
export const BAR_KIND_MEMORY32: u8 = 2;
export const BAR_KIND_MEMORY64: u8 = 3;
/** Memory below 1 MiB. */
export const BAR_KIND_MEMORY1M: u8 = 4;

// What a window of a bridge passes on: the index in `windows`.
export const WINDOW_IO: u32 = 0;
export const WINDOW_MEMORY: u32 = 1;
export const WINDOW_PREFETCHABLE: u32 = 2;
export const WINDOW_COUNT: u32 = 3;
/** The host bridge alone: memory above 4 GiB. */
export const WINDOW_HIGH: u32 = 3;

/** One base address register; of a BAR of 64 bits, the first of its two. Address and size in bytes. */
export class Bar {
  /** BAR_KIND_… */
  kind: u8 = 0;
  isPrefetchable: bool = false;
  /** 0: nobody has placed it. */
  address: u53 = 0;
  size: u53 = 0;
}

/** A range of addresses that a bridge passes on to the bus behind it. */
export class Window {
  /** 0: it passes nothing on. */
  address: u53 = 0;
  size: u53 = 0;
  /** What `address` is, or has to be, a multiple of. */
  alignment: u53 = 0;
  /** While places are handed out: up to here it is taken, and where it will lie in the window of the bridge above. */
  next: u53 = 0;
  offset: u53 = 0;
  /** Whether the bridge has registers for the upper half of the addresses. */
  isWide: bool = false;
}

/** One element of a capability list. */
export class Capability {
  /** CAPABILITY_… or EXTENDED_… */
  id: u16 = 0;
  /** Where in configuration space it starts. */
  offset: u16 = 0;
  /** Of an extended capability; else 0. */
  version: u8 = 0;
}

/** What went wrong last: a code of fault.ts and what it is about. describe.ts puts it into words. */
export class PciFault {
  code: u8 = 0;
  first: u53 = 0;
  second: u53 = 0;
  third: u53 = 0;
}

/** One function that answered. */
export class PciFunction {
  /** bus << 8 | device << 3 | function, as kernel/hal/config.ts wants it. */
  address: u32 = 0;
  /** The index in the tree of the bridge that it lies behind; -1 on the first bus. */
  parent: i32 = 0;
  /** The index of the function behind it in the order of the tree, where each bridge is followed by what lies behind it; -1 at the end. */
  next: i32 = 0;
  /** How many bridges lie before it. */
  depth: u8 = 0;
  vendorId: u16 = 0;
  deviceId: u16 = 0;
  revisionId: u8 = 0;
  classCode: u8 = 0;
  subclass: u8 = 0;
  programmingInterface: u8 = 0;
  /** HEADER_DEVICE, HEADER_BRIDGE, or another that we do not know. */
  headerLayout: u8 = 0;
  isMultiFunction: bool = false;
  /** 0 where the header has none. Of a bridge they are in a capability. */
  subsystemVendorId: u16 = 0;
  subsystemId: u16 = 0;
  /** 0 none, 1 to 4 INTA to INTD. */
  interruptPin: u8 = 0;
  interruptLine: u8 = 0;
  /** Of a bridge: the bus that it is on by its own account, and the buses that it passes on, both inclusive; else 0. */
  primaryBus: u8 = 0;
  secondaryBus: u8 = 0;
  subordinateBus: u8 = 0;

  /** Whether `bars` holds what sizeBars found. */
  hasBars: bool = false;
  bars: FixedArray<Bar, 6> = fixedArray(6, Bar);
  /** The expansion ROM; its address is where it would be if it were decoded, which it is not. */
  rom: Bar = new Bar();
  /** Of a bridge; filled by readWindows. */
  windows: FixedArray<Window, 3> = fixedArray(3, Window);

  /** Whether `capabilities` holds what readCapabilities found. */
  hasCapabilities: bool = false;
  capabilityCount: u32 = 0;
  capabilities: FixedArray<Capability, 48> = fixedArray(48, Capability);

  fault: PciFault = new PciFault();
}

/** All functions of the machine. */
export class PciTree {
  count: u32 = 0;
  /** Whether buses were numbered by the kernel: firmware did not, or its numbers did not nest. */
  isNumberedByKernel: bool = false;
  /** Whether the kernel placed the BARs: firmware placed none. */
  isPlacedByKernel: bool = false;
  /** How many functions have a fault that came up while the buses were brought up. */
  faultCount: u32 = 0;
  /** How many memory BARs firmware has placed, of the functions that were sized; and how many BARs are left without an address. */
  placedCount: u32 = 0;
  unplacedCount: u32 = 0;
  /** Whether a function was left out because the table is full. */
  isFull: bool = false;
  /** How many elements of `functions` are of functions that were taken out (plug.ts): their vendor id is VENDOR_ABSENT, and they are used again. */
  goneCount: u32 = 0;
  /** Whether the pins of all functions have been turned off (intx.ts). */
  hasSilentPins: bool = false;

  /** Numbering: the last bus that there may be, and the last that has its number. */
  busLast: u8 = 0;
  busTaken: u8 = 0;
  /** Of each bus: the secondary bus of the innermost bridge that has claimed it so far. */
  claims: FixedArray<u8, 256> = fixedArray(256, 0);
  /** The host bridge's windows: what the first bus has for its own. The fourth is memory above 4 GiB. */
  windows: FixedArray<Window, 4> = fixedArray(4, Window);

  functions: FixedArray<PciFunction, 256> = fixedArray(256, PciFunction);
}
