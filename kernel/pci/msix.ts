'use machine';
// MSI-X at work: a function that interrupts by writing a message to memory. PCI Local Bus 3.0 §6.8.2. What it says of its tables is checked in msi.ts.
//
//   entry of the table   address 63:0 ─ data 31:0 ─ vector control, bit 0: masked         16 bytes, one a vector
//   pending bits         one a vector: set when it should have been sent and is masked
//
//   findMsix ──► enableMsix ──► setMsixVector, unmaskMsixVector × n ──► unmaskMsix ──► … ──► disableMsix
//
// Nothing is sent before the last of these: while entries are written, each is masked and so is the whole function. §6.8.2.3, §6.8.2.9
// While MSI-X is on, the interrupt pin is off; the command register says so, too. §6.8.3.3, §6.2.2

import type { bool, MmioOffset, u8, u16, u32, u53 } from '../base/machine.ts';
import { configRead16, configWrite16 } from '../hal/config.ts';
import { interruptMessageAddress } from '../hal/interrupts.ts';
import { MMIO_MAP_FAILED, mmioMap, mmioRead32, mmioWrite32 } from '../hal/mmio.ts';
import { enableCommand, setPinDisabled } from './command.ts';
import { FAULT_MSIX_MAP, failWith } from './fault.ts';
import type { Bar, PciFunction } from './function.ts';
import { MSIX_CONTROL, MSIX_ENABLE, MSIX_ENTRY_SIZE, MSIX_MASK_ALL, Msix, readMsix } from './msi.ts';
import { COMMAND_MEMORY } from './registers.ts';

//    entry of the table                       offset   width  access   §6.8.2.6 to §6.8.2.9
export const MSIX_ENTRY_ADDRESS: u32 = 0; //            32     RW
export const MSIX_ENTRY_ADDRESS_HIGH: u32 = 4; //       32     RW
export const MSIX_ENTRY_DATA: u32 = 8; //               32     RW
export const MSIX_ENTRY_CONTROL: u32 = 12; //           32     RW      bit 0 masks; the others are kept
const ENTRY_MASKED: u32 = 1;

/** The highest number that a u53 holds. */
const ADDRESS_MAX: u53 = 0x1fffffffffffff;

/** The tables of one function, mapped. */
export class MsixTable {
  /** bus << 8 | device << 3 | function. */
  address: u32 = 0;
  /** Where the capability starts; 0: the function has no MSI-X that can be used. */
  capability: u16 = 0;
  /** Entries of the table, 1 to 2048. */
  vectorCount: u16 = 0;
  entries: MmioOffset = 0;
  pending: MmioOffset = 0;
}

const found = new Msix();

/**
 * Looks for the MSI-X of a function whose BARs have addresses, and maps its tables. Turns nothing on but the decoding of memory. Called once a
 * function: a mapping is for ever. False, and `table.capability` is 0, when there is none, or the function's fault says what is wrong with it.
 */
export const findMsix = (pciFunction: PciFunction, table: MsixTable): bool => {
  table.capability = 0;
  if (!readMsix(pciFunction, found)) return false;
  table.entries = mapTable(pciFunction, found.tableBar, found.tableOffset, found.tableLength);
  if (table.entries === MMIO_MAP_FAILED) return false;
  table.pending = mapTable(pciFunction, found.pendingBar, found.pendingOffset, found.pendingLength);
  if (table.pending === MMIO_MAP_FAILED) return false;
  enableCommand(pciFunction, COMMAND_MEMORY);
  table.address = pciFunction.address;
  table.vectorCount = found.vectorCount;
  table.capability = found.offset;
  return true;
};

/** Turns MSI-X on with every entry and the whole function masked, and the pin off. False when the function does not take it: the pin is left on. */
export const enableMsix = (table: MsixTable): bool => {
  setPinDisabled(table.address, true);
  writeControl(table, MSIX_ENABLE | MSIX_MASK_ALL, 0);
  if ((readControl(table) & (MSIX_ENABLE | MSIX_MASK_ALL)) !== (MSIX_ENABLE | MSIX_MASK_ALL)) {
    disableMsix(table);
    return false;
  }
  for (let entry: u32 = 0; entry < table.vectorCount; entry++) maskMsixVector(table, entry);
  return true;
};

/** Has a masked entry send the processor's vector `vector`. Returns whether the table holds that now. */
export const setMsixVector = (table: MsixTable, entry: u32, vector: u8): bool => {
  const at: MmioOffset = table.entries + entry * MSIX_ENTRY_SIZE;
  const address: u32 = interruptMessageAddress();
  mmioWrite32(at + MSIX_ENTRY_ADDRESS, address);
  mmioWrite32(at + MSIX_ENTRY_ADDRESS_HIGH, 0);
  mmioWrite32(at + MSIX_ENTRY_DATA, vector);
  return mmioRead32(at + MSIX_ENTRY_ADDRESS) === address && mmioRead32(at + MSIX_ENTRY_DATA) === vector;
};

/** Keeps an entry from being sent. What should be sent meanwhile is pending, and is sent when it is unmasked. */
export const maskMsixVector = (table: MsixTable, entry: u32): void => {
  const control: MmioOffset = table.entries + entry * MSIX_ENTRY_SIZE + MSIX_ENTRY_CONTROL;
  mmioWrite32(control, (mmioRead32(control) | ENTRY_MASKED) >>> 0);
  mmioRead32(control); // A read comes behind the writes before it: once it is back, the entry is masked.
};

/** Lets an entry be sent, as far as the function is not masked. */
export const unmaskMsixVector = (table: MsixTable, entry: u32): void => {
  const control: MmioOffset = table.entries + entry * MSIX_ENTRY_SIZE + MSIX_ENTRY_CONTROL;
  mmioWrite32(control, (mmioRead32(control) & ~ENTRY_MASKED) >>> 0);
};

/** Keeps all entries from being sent, whatever they say themselves. */
export const maskMsix = (table: MsixTable): void => writeControl(table, MSIX_MASK_ALL, 0);

/** Lets all entries be sent that are not masked themselves. */
export const unmaskMsix = (table: MsixTable): void => writeControl(table, 0, MSIX_MASK_ALL);

/** Returns whether an entry should have been sent and is masked. */
export const isMsixPending = (table: MsixTable, entry: u32): bool =>
  ((mmioRead32(table.pending + (entry >>> 5) * 4) >>> (entry & 31)) & 1) !== 0;

/** Turns MSI-X off: what is pending is lost. The pin is on again. */
export const disableMsix = (table: MsixTable): void => {
  writeControl(table, 0, MSIX_ENABLE | MSIX_MASK_ALL);
  setPinDisabled(table.address, false);
};

/** Maps `length` bytes from `offset` of a BAR. MMIO_MAP_FAILED, and the function's fault says so, when nobody placed it or there is no room. */
const mapTable = (pciFunction: PciFunction, index: u32, offset: u32, length: u32): MmioOffset => {
  const bar: Bar = pciFunction.bars[index];
  // One that ends beyond 2^53 is nowhere that we could reach.
  const isPlaced: bool = bar.address !== 0 && bar.address <= ADDRESS_MAX - bar.size;
  const mapped: u32 = isPlaced ? mmioMap(bar.address + offset, length) : MMIO_MAP_FAILED;
  if (mapped === MMIO_MAP_FAILED) failWith(pciFunction, FAULT_MSIX_MAP, index, offset, length);
  return mapped;
};

const readControl = (table: MsixTable): u16 => configRead16(table.address, table.capability + MSIX_CONTROL);

/** Sets bits of the message control and clears others. */
const writeControl = (table: MsixTable, set: u16, clear: u16): void =>
  configWrite16(table.address, table.capability + MSIX_CONTROL, (readControl(table) & ~clear) | set);
