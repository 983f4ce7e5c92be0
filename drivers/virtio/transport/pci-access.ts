'use machine';
// Registers in a region of a BAR: through the MMIO window, or through the PCI_CFG window where the BARs could not be mapped.
// Every register is reached at its own width. VIRTIO 1.2 §4.1.3.1

import { highWord, lowWord } from '../../../kernel/base/bits.ts';
import type { u8, u16, u32, u53 } from '../../../kernel/base/machine.ts';
import { mmioRead8, mmioRead16, mmioRead32, mmioWrite8, mmioWrite16, mmioWrite32 } from '../../../kernel/hal/mmio.ts';
import { windowRead8, windowRead16, windowRead32, windowWrite8, windowWrite16, windowWrite32 } from './pci-window.ts';
import type { Region, Transport } from './record.ts';

/** Returns the byte at `offset` of a region. */
export const regionRead8 = (transport: Transport, region: Region, offset: u32): u8 => {
  if (!transport.isWindowed) return mmioRead8(region.mapped + offset);
  return windowRead8(transport.pciAddress, transport.windowCapability, region.bar, region.offset + offset);
};

/** Returns the 16-bit register at `offset` of a region. */
export const regionRead16 = (transport: Transport, region: Region, offset: u32): u16 => {
  if (!transport.isWindowed) return mmioRead16(region.mapped + offset);
  return windowRead16(transport.pciAddress, transport.windowCapability, region.bar, region.offset + offset);
};

/** Returns the 32-bit register at `offset` of a region. */
export const regionRead32 = (transport: Transport, region: Region, offset: u32): u32 => {
  if (!transport.isWindowed) return mmioRead32(region.mapped + offset);
  return windowRead32(transport.pciAddress, transport.windowCapability, region.bar, region.offset + offset);
};

/** Writes the byte at `offset` of a region. */
export const regionWrite8 = (transport: Transport, region: Region, offset: u32, value: u8): void => {
  if (!transport.isWindowed) mmioWrite8(region.mapped + offset, value);
  else windowWrite8(transport.pciAddress, transport.windowCapability, region.bar, region.offset + offset, value);
};

/** Writes the 16-bit register at `offset` of a region. */
export const regionWrite16 = (transport: Transport, region: Region, offset: u32, value: u16): void => {
  if (!transport.isWindowed) mmioWrite16(region.mapped + offset, value);
  else windowWrite16(transport.pciAddress, transport.windowCapability, region.bar, region.offset + offset, value);
};

/** Writes the 32-bit register at `offset` of a region. */
export const regionWrite32 = (transport: Transport, region: Region, offset: u32, value: u32): void => {
  if (!transport.isWindowed) mmioWrite32(region.mapped + offset, value);
  else windowWrite32(transport.pciAddress, transport.windowCapability, region.bar, region.offset + offset, value);
};

/** Writes the 64-bit register at `offset` of a region, as two halves. §4.1.3.1 */
export const regionWrite64 = (transport: Transport, region: Region, offset: u32, value: u53): void => {
  regionWrite32(transport, region, offset, lowWord(value));
  regionWrite32(transport, region, offset + 4, highWord(value));
};
