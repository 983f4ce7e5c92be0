'use machine';
// What the driver knows of one virtqueue, in both layouts. VIRTIO 1.2 §2.6.
//
// All of it lies in the record, none in DMA memory, which the device can write at any time: links, counts, positions and lengths are
// never read back from where the device could have changed them.

import {
  type bool,
  type DmaOffset,
  type FixedArray,
  fixedArray,
  type i32,
  type u8,
  type u16,
  type u32,
  type u53,
} from '../../../kernel/base/machine.ts';
import { dmaBusAddress } from '../../../kernel/hal/dma.ts';

/** The longest queue that there can be, in both layouts. Unused slots of a record are never touched, so on metal they take no memory. §2.7, §2.8 */
export const QUEUE_SIZE_MAX: u32 = 32768;

// `layout`
export const QUEUE_SPLIT: u8 = 0;
export const QUEUE_PACKED: u8 = 1;

// What functions return in place of a head.
export const QUEUE_FULL: i32 = -1;
export const QUEUE_EMPTY: i32 = -2;
export const QUEUE_BROKEN: i32 = -3;

// Whose turn it is with a buffer: the bits of a descriptor's flags. §2.7.5, §2.8.3
export const DEVICE_READS: u32 = 0;
export const DEVICE_WRITES: u32 = 2;

//    descriptor, of a ring or of an indirect table    offset   width   §2.7.5, §2.8.13
export const DESCRIPTOR_ADDRESS: u32 = 0; //                    64
export const DESCRIPTOR_LENGTH: u32 = 8; //                     32
export const DESCRIPTOR_LAST_WORD: u32 = 12; //                 16 + 16: split flags, next; packed id, flags
export const DESCRIPTOR_SIZE: u32 = 16;

// Bits of its flags. §2.7.5, §2.8.6, §2.8.7
export const FLAG_NEXT: u32 = 1;
export const FLAG_INDIRECT: u32 = 4;

// `doorbellKind`: where a notification goes and how wide it is without NOTIFICATION_DATA; with it, every one has 32 bits. §2.9
export const DOORBELL_MMIO16: u8 = 0;
export const DOORBELL_MMIO32: u8 = 1;
export const DOORBELL_PORT16: u8 = 2;
/** Through the PCI_CFG window, for a device whose BARs could not be mapped. §4.1.4.9 */
export const DOORBELL_WINDOW16: u8 = 3;

// `faultCode`: what the device said that cannot be. `faultFound` and `faultExpected` are its numbers; fault.ts makes the sentence.
export const FAULT_NONE: u8 = 0;
/** It returned more chains than it has: found, at most. */
export const FAULT_TOO_MANY: u8 = 1;
/** It returned a head that no chain can have: found, the queue's size. */
export const FAULT_NO_HEAD: u8 = 2;
/** It returned a head that it does not have: found. */
export const FAULT_NOT_IN_FLIGHT: u8 = 3;
/** It says that it wrote more than it may: found, at most. */
export const FAULT_TOO_LONG: u8 = 4;
/** It ended a batch with a chain that it has not reached yet: chains of the batch, at most. Only with IN_ORDER. */
export const FAULT_BATCH: u8 = 5;

/** What is remembered of one head while its chain is in flight, and of its place in the free list. */
export class Slot {
  /** The slot behind it: in its chain, or in the free list. */
  next: u16 = 0;
  /** The last slot of the chain. */
  last: u16 = 0;
  /** Descriptors of the ring that the chain takes; 0 when the device does not have it. */
  count: u16 = 0;
  /** `added` when it was added: its number since the start. */
  position: u53 = 0;
  /** Bytes that the device may write. */
  writable: u32 = 0;
}

/** Driver side of one queue. Other modules read it; only those of this folder write to it, with the exception of `tableLengthWanted`, `ignoresLengths` and, before it is created, `freeHead`. */
export class Queue {
  /** The number of the queue in its device. */
  index: u16 = 0;
  /** Descriptors of the ring. */
  size: u32 = 0;
  layout: u8 = 0;
  /** The three areas, with the names of §4.1.4.3. */
  descriptors: DmaOffset = 0;
  driver: DmaOffset = 0;
  device: DmaOffset = 0;
  /** All of the queue's memory, for who frees it: its start and its bytes. The first `ringLength` of them are the three areas. */
  memory: DmaOffset = 0;
  memoryLength: u32 = 0;
  ringLength: u32 = 0;
  /** What is added to an address of memory so that this device reaches it: its transport's. */
  addressShift: u53 = 0;

  /** One indirect table a slot, of `tableLength` descriptors each; 0: none. A driver may wish for another length before the queue is created. */
  tables: DmaOffset = 0;
  tableLength: u32 = 0;
  tableLengthWanted: u32 = 8;
  /** A driver sets it for a queue of which devices return lengths beyond what they may write: these are cut. */
  ignoresLengths: bool = false;
  /** With so few descriptors left, chains of more than one go into tables. 0 until the queue has been full once. */
  lowWater: u32 = 0;
  /** As many are kept always: keepForTables. */
  lowWaterMin: u32 = 0;

  // What was negotiated.
  hasTables: bool = false;
  hasEventIndex: bool = false;
  isInOrder: bool = false;
  /** Without VERSION_1, a device may return wrong lengths. */
  isLegacy: bool = false;

  // Where notifications go: doorbell.ts.
  /** An offset in the MMIO window or in a BAR, or a port. */
  doorbell: u32 = 0;
  doorbellKind: u8 = 0;
  /** DOORBELL_WINDOW16: the function, its window and the BAR. */
  doorbellFunction: u32 = 0;
  doorbellWindow: u16 = 0;
  doorbellBar: u8 = 0;
  /** What is written to it: the index of the queue, or what the device asked for instead. */
  notificationValue: u16 = 0;
  hasNotificationData: bool = false;
  /** Whether the device's word that it needs no notification is taken. See the head of queue.ts. */
  trustsSuppression: bool = false;
  /** Notifications sent, and those of them that the watchdog sent. Both start again at 2^32. */
  doorbellCount: u32 = 0;
  rekickCount: u32 = 0;
  /** When the watchdog last saw progress, and `popped` at that time. */
  watchedSince: u53 = 0;
  watchedPopped: u16 = 0;

  /** Chains that were added and have not come back. */
  inFlight: u32 = 0;
  /** Descriptors of the ring that no chain takes. */
  freeCount: u32 = 0;
  freeHead: u16 = 0;
  freeTail: u16 = 0;
  /** Chains added since the start, and those of them that were published: the device has them, or had. It may have returned no others. */
  added: u53 = 0;
  published: u53 = 0;
  /** Chains popped since the start, modulo 2^16. */
  popped: u16 = 0;
  /** The slot at which `detachNext` goes on. */
  detachAt: u32 = 0;

  // The chain that is being built, between reserve and add.
  head: u16 = 0;
  /** Descriptors of the ring that it takes. */
  ringCount: u16 = 0;
  isInTable: bool = false;
  /** Where its descriptors lie: the ring or its table; the next one to fill, and the one before. */
  fillBase: DmaOffset = 0;
  fillAt: u16 = 0;
  fillLast: u16 = 0;
  fillLeft: u16 = 0;
  /** Bytes described so far, and those of them that the device may only read. */
  fillLength: u53 = 0;
  fillReadable: u53 = 0;

  // Split only.
  /** The used index as last read. */
  usedSeen: u16 = 0;
  /** With EVENT_IDX and no interrupts wanted: what the used event is. */
  parkedAt: u16 = 0;

  // Packed only: positions in the ring, and the flags that stand for the two wrap counters.
  availableAt: u16 = 0;
  availableFlags: u16 = 0;
  usedAt: u16 = 0;
  usedFlags: u16 = 0;
  /** Of the chain that is being built: the wrap counter at `fillAt`, and the flags of its first descriptor. */
  fillFlags: u16 = 0;
  firstFlags: u16 = 0;
  /** Of what was added and is not published: the first descriptor, and its flags, which are written last. */
  batchAt: u16 = 0;
  batchFlags: u16 = 0;

  // IN_ORDER only.
  /** The head added longest ago of those in flight. */
  oldest: u16 = 0;
  /** Chains of the current batch that are not popped yet, and the length that the device gave for the last of them. */
  batchLeft: u32 = 0;
  batchLength: u32 = 0;

  /** Of the chain popped last: bytes that the device wrote, from the start of what it may write, and bytes that it might have written. */
  poppedLength: u32 = 0;
  poppedWritable: u32 = 0;

  interruptsAllowed: bool = false;
  /** The device said what cannot be, or was taken everything back: nothing goes in or out until `restart`. */
  broken: bool = false;
  faultCode: u8 = 0;
  faultFound: u32 = 0;
  faultExpected: u32 = 0;

  slots: FixedArray<Slot, 32768> = fixedArray(32768, Slot);
}

/** Returns the address by which the device of a queue reaches `offset`. */
export const deviceAddress = (queue: Queue, offset: DmaOffset): u53 => dmaBusAddress(offset) + queue.addressShift;
