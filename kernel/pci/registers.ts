'use machine';
// Configuration space of a PCI function, header types 0 (a device) and 1 (a bridge). PCI Local Bus 3.0 §6.1, PCI-to-PCI Bridge 1.2 §3.2.
//
// The width in the table is the register's own. What is only read may be read several registers at a time, by the whole 32-bit word; what has a
// side effect when it is written is written at its own width.

import type { u8, u16, u32 } from '../base/machine.ts';

//    field                                    offset   width  access   both header types, §6.1
export const VENDOR_ID: u32 = 0x00; //                  16     R
export const DEVICE_ID: u32 = 0x02; //                  16     R
export const COMMAND: u32 = 0x04; //                    16     RW
export const STATUS: u32 = 0x06; //                     16     R, error bits are cleared by writing 1
export const REVISION_ID: u32 = 0x08; //                8      R
export const PROGRAMMING_INTERFACE: u32 = 0x09; //      8      R
export const SUBCLASS: u32 = 0x0a; //                   8      R
export const CLASS_CODE: u32 = 0x0b; //                 8      R
export const HEADER_TYPE: u32 = 0x0e; //                8      R
export const BAR_0: u32 = 0x10; //                      32     RW      6 of them in header type 0, 2 in type 1
export const CAPABILITIES_POINTER: u32 = 0x34; //       8      R
export const INTERRUPT_LINE: u32 = 0x3c; //             8      RW
export const INTERRUPT_PIN: u32 = 0x3d; //              8      R       0 none, 1 to 4 INTA to INTD

//    header type 0
export const SUBSYSTEM_VENDOR_ID: u32 = 0x2c; //        16     R
export const SUBSYSTEM_ID: u32 = 0x2e; //               16     R
export const ROM_DEVICE: u32 = 0x30; //                 32     RW

//    header type 1, a bridge                                          PCI-to-PCI Bridge 1.2 §3.2.5
export const PRIMARY_BUS: u32 = 0x18; //                8      RW
export const SECONDARY_BUS: u32 = 0x19; //              8      RW
export const SUBORDINATE_BUS: u32 = 0x1a; //            8      RW
export const IO_BASE: u32 = 0x1c; //                    8      RW      bits 15:12 of the address
export const IO_LIMIT: u32 = 0x1d; //                   8      RW
export const MEMORY_BASE: u32 = 0x20; //                16     RW      bits 31:20 of the address
export const MEMORY_LIMIT: u32 = 0x22; //               16     RW
export const PREFETCHABLE_BASE: u32 = 0x24; //          16     RW      bits 31:20 of the address
export const PREFETCHABLE_LIMIT: u32 = 0x26; //         16     RW
export const PREFETCHABLE_BASE_HIGH: u32 = 0x28; //     32     RW      bits 63:32
export const PREFETCHABLE_LIMIT_HIGH: u32 = 0x2c; //    32     RW
export const IO_BASE_HIGH: u32 = 0x30; //               16     RW      bits 31:16
export const IO_LIMIT_HIGH: u32 = 0x32; //              16     RW
export const ROM_BRIDGE: u32 = 0x38; //                 32     RW

/** No function answers: what an absent vendor id reads as. §6.1 */
export const VENDOR_ABSENT: u16 = 0xffff;

// Command register. §6.2.2
export const COMMAND_IO: u16 = 1 << 0;
export const COMMAND_MEMORY: u16 = 1 << 1;
export const COMMAND_BUS_MASTER: u16 = 1 << 2;
export const COMMAND_INTERRUPT_DISABLE: u16 = 1 << 10;

// Status register. §6.2.3
export const STATUS_CAPABILITIES_LIST: u16 = 1 << 4;

// Header type register. §6.1
export const HEADER_LAYOUT_MASK: u8 = 0x7f;
export const HEADER_MULTI_FUNCTION: u8 = 0x80;
export const HEADER_DEVICE: u8 = 0;
export const HEADER_BRIDGE: u8 = 1;

// Base address registers. §6.2.5.1
export const BAR_COUNT_DEVICE: u32 = 6;
export const BAR_COUNT_BRIDGE: u32 = 2;
export const BAR_SIZE: u32 = 4;
export const BAR_IO: u32 = 1 << 0;
export const BAR_IO_FLAGS: u32 = 0x3;
export const BAR_MEMORY_FLAGS: u32 = 0xf;
export const BAR_TYPE_MASK: u32 = 0x6;
export const BAR_TYPE_32: u32 = 0x0;
/** Below 1 MiB: PCI 2.1; reserved since, and still shown by old devices. */
export const BAR_TYPE_1M: u32 = 0x2;
export const BAR_TYPE_64: u32 = 0x4;
export const BAR_PREFETCHABLE: u32 = 1 << 3;

/** Expansion ROM: the function decodes it while this bit is set. §6.2.5.2 */
export const ROM_ENABLE: u32 = 1 << 0;
export const ROM_ADDRESS_MASK: u32 = 0xfffff800;

// Window registers of a bridge: their low four bits say how wide the address is. PCI-to-PCI Bridge 1.2 §3.2.5.6, §3.2.5.8, §3.2.5.9
export const WINDOW_TYPE_MASK: u8 = 0xf;
/** In the prefetchable window: 64 bits. In the I/O window: 32 bits. */
export const WINDOW_TYPE_WIDE: u8 = 1;
export const MEMORY_WINDOW_UNIT: u32 = 0x100000;
export const IO_WINDOW_UNIT: u32 = 0x1000;

// Capability list. §6.7
export const CAPABILITY_POINTER_MASK: u8 = 0xfc;
export const CAPABILITY_NEXT: u32 = 1;
export const HEADER_SIZE: u32 = 0x40;
export const CONFIG_SPACE_SIZE: u32 = 0x100;
/** With the extended part, which only PCI Express functions have. PCI Express Base 5.0 §7.2.1 */
export const EXTENDED_CONFIG_SPACE_SIZE: u32 = 0x1000;

// Capability ids. PCI Code and ID Assignment 1.11 §2
export const CAPABILITY_POWER_MANAGEMENT: u8 = 0x01;
export const CAPABILITY_MSI: u8 = 0x05;
export const CAPABILITY_VENDOR: u8 = 0x09;
export const CAPABILITY_HOT_PLUG: u8 = 0x0c;
export const CAPABILITY_BRIDGE_SUBSYSTEM: u8 = 0x0d;
export const CAPABILITY_PCI_EXPRESS: u8 = 0x10;
export const CAPABILITY_MSIX: u8 = 0x11;
export const CAPABILITY_ADVANCED_FEATURES: u8 = 0x13;
