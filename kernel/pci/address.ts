// The address of a PCI function: bus, device, function, packed as configuration space wants it (kernel/hal/config.ts).

import { hex } from '../base/hex.ts';

/** bus << 8 | device << 3 | function. */
export type PciAddress = number & { readonly __flavour?: 'pci' };

export const DEVICE_COUNT_MAX = 32; // 5 bits
export const FUNCTION_COUNT_MAX = 8; // 3 bits

/** Returns the address of one function. */
export const pciAddress = (bus: number, device: number, functionIndex: number): PciAddress =>
  bus * 256 + device * FUNCTION_COUNT_MAX + functionIndex;

/** Returns the bus of a function, 0 to 255. */
export const busOf = (address: PciAddress): number => Math.floor(address / 256);

/** Returns the address as Linux and QEMU write it: `0000:00:02.0`. There is one segment here, 0. */
export const formatAddress = (address: PciAddress): string =>
  `0000:${hex(busOf(address), 2)}:${hex(Math.floor(address / FUNCTION_COUNT_MAX) % DEVICE_COUNT_MAX, 2)}.${address % FUNCTION_COUNT_MAX}`;
