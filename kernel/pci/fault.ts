'use machine';
// What can be wrong with a PCI function, as a code and up to three numbers. describe.ts has the sentences.

import type { bool, u8, u53 } from '../base/machine.ts';
import type { PciFault, PciFunction } from './function.ts';

//    code                                              first                    second            third
export const FAULT_NONE: u8 = 0;
export const FAULT_BAR_TYPE_RESERVED: u8 = 1; //        index of the BAR         its value
export const FAULT_BAR_WITHOUT_SECOND: u8 = 2; //       index                    value
export const FAULT_BAR_SIZE: u8 = 3; //                 index                    bytes
export const FAULT_BAR_BEYOND_53_BITS: u8 = 4; //       index                    value             upper half
export const FAULT_CAPABILITY_IN_HEADER: u8 = 5; //     pointer
export const FAULT_CAPABILITY_LOOP: u8 = 6; //          pointer                  elements
export const FAULT_NO_BUS_NUMBER: u8 = 7; //            the last bus there is
export const FAULT_BAR_MASK: u8 = 8; //                 index                    lower mask        upper mask
export const FAULT_WINDOW: u8 = 9; //                   WINDOW_…                 first address     bytes
export const FAULT_EXTENDED_POINTER: u8 = 10; //        pointer
export const FAULT_EXTENDED_LOOP: u8 = 11; //           pointer                  elements
export const FAULT_CAPABILITY_CUT: u8 = 12; //          offset                   id                bytes needed
export const FAULT_MSIX_TABLE: u8 = 13; //              index of the BAR         offset            bytes
export const FAULT_MSIX_PENDING: u8 = 14; //            index of the BAR         offset            bytes
export const FAULT_MSIX_OVERLAP: u8 = 15; //            index of the BAR         table's offset    pending bits' offset
export const FAULT_POWER_STATE: u8 = 16; //             state reached            state before
export const FAULT_NO_RESET: u8 = 17;
export const FAULT_RESET: u8 = 18; //                   vendor id read           vendor id before
export const FAULT_MSIX_MAP: u8 = 19; //               index of the BAR         offset            bytes

/** Notes what is wrong and returns false, so that a check can end with it. */
export const failWith = (pciFunction: PciFunction, code: u8, first: u53, second: u53, third: u53): bool => {
  const fault: PciFault = pciFunction.fault;
  fault.code = code;
  fault.first = first;
  fault.second = second;
  fault.third = third;
  return false;
};
