// One PCI function: who it says it is, and access to its registers. PCI Local Bus 3.0 §6.1.

import type { Result } from '../base/result.ts';
import { configRead8, configRead16, configRead32, configWrite8, configWrite16, configWrite32 } from '../hal/config.ts';
import { formatAddress, type PciAddress } from './address.ts';
import type { Bar, BarError } from './bar.ts';
import {
  CLASS_CODE,
  COMMAND,
  DEVICE_ID,
  HEADER_BRIDGE,
  HEADER_LAYOUT_MASK,
  HEADER_TYPE,
  PROGRAMMING_INTERFACE,
  REVISION_ID,
  SUBCLASS,
  VENDOR_ID,
} from './registers.ts';

/** A function that answered. Its identity is read once; everything else is read when asked for. */
export class PciFunction {
  readonly address: PciAddress;
  readonly vendorId: number;
  readonly deviceId: number;
  readonly revisionId: number;
  readonly classCode: number;
  readonly subclass: number;
  readonly programmingInterface: number;
  /** The header type without its multi-function bit: HEADER_DEVICE, HEADER_BRIDGE, or another that we do not know. */
  readonly headerLayout: number;
  /** What readBars found, once it has looked. */
  bars: Result<readonly Bar[], BarError> | undefined = undefined;

  constructor(address: PciAddress) {
    this.address = address;
    this.vendorId = configRead16(address, VENDOR_ID);
    this.deviceId = configRead16(address, DEVICE_ID);
    this.revisionId = configRead8(address, REVISION_ID);
    this.classCode = configRead8(address, CLASS_CODE);
    this.subclass = configRead8(address, SUBCLASS);
    this.programmingInterface = configRead8(address, PROGRAMMING_INTERFACE);
    this.headerLayout = configRead8(address, HEADER_TYPE) & HEADER_LAYOUT_MASK;
  }

  /** `0000:00:02.0`. */
  get name(): string {
    return formatAddress(this.address);
  }

  /** Whether it has a bus behind it. */
  get isBridge(): boolean {
    return this.headerLayout === HEADER_BRIDGE;
  }

  /** Returns an 8-bit register. */
  read8(offset: number): number {
    return configRead8(this.address, offset);
  }

  /** Returns a 16-bit register. */
  read16(offset: number): number {
    return configRead16(this.address, offset);
  }

  /** Returns a 32-bit register. */
  read32(offset: number): number {
    return configRead32(this.address, offset);
  }

  /** Writes an 8-bit register. */
  write8(offset: number, value: number): void {
    configWrite8(this.address, offset, value);
  }

  /** Writes a 16-bit register. */
  write16(offset: number, value: number): void {
    configWrite16(this.address, offset, value);
  }

  /** Writes a 32-bit register. */
  write32(offset: number, value: number): void {
    configWrite32(this.address, offset, value);
  }

  /** Sets the COMMAND_ bits `bits` and leaves the others. The write is 16 bits wide: the status register beside it is cleared by ones. §6.2.3 */
  enable(bits: number): void {
    const command = configRead16(this.address, COMMAND);
    if ((command & bits) !== bits) configWrite16(this.address, COMMAND, command | bits);
  }

  /** Clears the COMMAND_ bits `bits` and leaves the others. */
  disable(bits: number): void {
    const command = configRead16(this.address, COMMAND);
    if ((command & bits) !== 0) configWrite16(this.address, COMMAND, command & ~bits);
  }
}
