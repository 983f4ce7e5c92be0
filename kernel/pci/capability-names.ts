// Names of capabilities. PCI Code and ID Assignment 1.11 §2 and §3.

import { hex } from '../base/hex.ts';
import { lookUp } from '../base/table.ts';

/** id, name. */
const CAPABILITY_NAMES = `
01 power management
02 AGP
03 vital product data
04 slot identification
05 MSI
06 CompactPCI hot-swap
07 PCI-X
08 HyperTransport
09 vendor
0a debug port
0b CompactPCI resource control
0c hot-plug
0d bridge subsystem
0e AGP 8x
0f secure device
10 PCI Express
11 MSI-X
12 SATA
13 advanced features
14 enhanced allocation
15 flattening portal bridge
`;

/** id, name. */
const EXTENDED_NAMES = `
0001 advanced error reporting
0002 virtual channel
0003 device serial number
0004 power budgeting
0005 root complex link declaration
0006 root complex internal link control
0007 root complex event collector
0008 multi-function virtual channel
0009 virtual channel
000a root complex register block
000b vendor
000d access control services
000e alternative routing id
000f address translation services
0010 single root I/O virtualization
0011 multi root I/O virtualization
0012 multicast
0013 page request
0015 resizable BAR
0016 dynamic power allocation
0017 TPH requester
0018 latency tolerance
0019 secondary PCI Express
001a protocol multiplexing
001b process address space id
001c LN requester
001d downstream port containment
001e L1 power states
001f precision time measurement
0020 PCI Express over M-PHY
0021 function readiness status queue
0022 readiness time
0023 designated vendor
0024 resizable BAR of virtual functions
0025 data link feature
0026 16 GT/s
0027 lane margining
0028 hierarchy id
002a 32 GT/s
002e data object exchange
`;

/** Returns the name of a capability, `unknown` for one that the table does not have. */
export const capabilityName = (id: number): string => lookUp(CAPABILITY_NAMES, hex(id, 2)) ?? 'unknown';

/** Returns the name of an extended capability, `unknown` for one that the table does not have. */
export const extendedCapabilityName = (id: number): string => lookUp(EXTENDED_NAMES, hex(id, 4)) ?? 'unknown';
