// PCI in words: addresses, BARs, and what is wrong with a function.

import { remainder } from '../base/bits.ts';
import { formatBytes, hex } from '../base/hex.ts';
import {
  FAULT_BAR_BEYOND_53_BITS,
  FAULT_BAR_MASK,
  FAULT_BAR_SIZE,
  FAULT_BAR_TYPE_RESERVED,
  FAULT_BAR_WITHOUT_SECOND,
  FAULT_CAPABILITY_CUT,
  FAULT_CAPABILITY_IN_HEADER,
  FAULT_CAPABILITY_LOOP,
  FAULT_EXTENDED_LOOP,
  FAULT_EXTENDED_POINTER,
  FAULT_MSIX_MAP,
  FAULT_MSIX_OVERLAP,
  FAULT_MSIX_PENDING,
  FAULT_MSIX_TABLE,
  FAULT_NO_BUS_NUMBER,
  FAULT_NO_RESET,
  FAULT_POWER_STATE,
  FAULT_RESET,
  FAULT_WINDOW,
} from './fault.ts';
import type { Bar, PciFault } from './function.ts';

/** By BAR_KIND_… */
const BAR_KIND_NAMES = ['none', 'io', 'memory32', 'memory64', 'memory1m'] as const;

/** By WINDOW_… */
const WINDOW_NAMES = ['I/O', 'memory', 'prefetchable'] as const;

/** Returns the address of a function as Linux and QEMU write it: `0000:00:02.0`. There is one segment here, 0. */
export const formatAddress = (address: number): string =>
  `0000:${hex(Math.floor(address / 256), 2)}:${hex(remainder(Math.floor(address / 8), 32), 2)}.${remainder(address, 8)}`;

/** Returns `bar4 memory64 prefetchable 0xfe000000 16 KiB`. */
export const formatBar = (bar: Bar, index: number): string =>
  `bar${index} ${BAR_KIND_NAMES[bar.kind]}${bar.isPrefetchable ? ' prefetchable' : ''} 0x${hex(bar.address, 8)} ${formatBytes(bar.size)}`;

/** Returns the sentence of a fault: which register, what was found, what was expected. Without the function's name. */
export const describePciFault = (fault: PciFault): string => {
  const first = fault.first;
  const second = fault.second;
  const third = fault.third;
  switch (fault.code) {
    case FAULT_BAR_TYPE_RESERVED:
      return `BAR ${first} reads 0x${hex(second, 8)}: memory type 3 is reserved, expected 0, 1 or 2`;
    case FAULT_BAR_WITHOUT_SECOND:
      return `BAR ${first} reads 0x${hex(second, 8)}: 64 bits wide, but it is the last register`;
    case FAULT_BAR_SIZE:
      return `BAR ${first} claims 0x${hex(second, 1)} bytes, expected a power of two that its kind can have`;
    case FAULT_BAR_MASK:
      return `BAR ${first} keeps 0x${hex(third, 8)} and 0x${hex(second, 8)} of the ones written to it, expected the address bits of a power of two below 2^53`;
    case FAULT_BAR_BEYOND_53_BITS:
      return `BAR ${first} reads 0x${hex(second, 8)}: the upper half 0x${hex(third, 8)} places it beyond 2^53`;
    case FAULT_CAPABILITY_IN_HEADER:
      return `capability pointer 0x${hex(first, 2)}: it points into the header, expected 0x40 or above`;
    case FAULT_CAPABILITY_LOOP:
      return `capability pointer 0x${hex(first, 2)}: the list loops, it has more than ${second} elements`;
    case FAULT_NO_BUS_NUMBER:
      return `bridge: no bus number above ${first} is left, what is behind it stays out of reach`;
    case FAULT_WINDOW:
      return `bridge: the ${WINDOW_NAMES[first]} window did not take 0x${hex(second, 8)} (0x${hex(third, 1)} bytes)`;
    default:
      return describeCapabilityFault(fault);
  }
};

/** The rest: what particular capabilities may be like. */
const describeCapabilityFault = (fault: PciFault): string => {
  const first = fault.first;
  const second = fault.second;
  const third = fault.third;
  const place = `0x${hex(second, 1)} + 0x${hex(third, 1)} bytes in BAR ${first}`;
  switch (fault.code) {
    case FAULT_EXTENDED_POINTER:
      return `extended capability pointer 0x${hex(first, 3)}: expected 0x100 or above`;
    case FAULT_EXTENDED_LOOP:
      return `extended capability pointer 0x${hex(first, 3)}: the list loops, it has more than ${second} elements`;
    case FAULT_CAPABILITY_CUT:
      return `capability 0x${hex(second, 2)} at 0x${hex(first, 2)}: it has no room for its ${third} bytes`;
    case FAULT_MSIX_TABLE:
      return `MSI-X: the table is at ${place}, expected a place in a memory BAR`;
    case FAULT_MSIX_PENDING:
      return `MSI-X: the pending bits are at ${place}, expected a place in a memory BAR`;
    case FAULT_MSIX_OVERLAP:
      return `MSI-X: the table at 0x${hex(second, 1)} and the pending bits at 0x${hex(third, 1)} of BAR ${first} lie over one another`;
    case FAULT_MSIX_MAP:
      return `MSI-X: a table is at ${place}, which cannot be mapped`;
    case FAULT_POWER_STATE:
      return `power management: state D${first} after it was told to leave D${second}, expected D0`;
    case FAULT_NO_RESET:
      return 'it cannot be reset alone: neither PCI Express nor the advanced features offer it';
    case FAULT_RESET:
      return `vendor id 0x${hex(first, 4)} after the reset, expected 0x${hex(second, 4)}`;
    default:
      return 'no fault';
  }
};
