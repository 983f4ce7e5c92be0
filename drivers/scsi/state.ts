// What the driver of a SCSI host keeps of it in the control plane: the bus, the units on it, what was asked of them. The queues are in controller.ts.
//
//   operation   what a caller asked for: one promise
//     └ task    one command of it, which the device has, or will have: as many as its length needs

import type { DmaOffset } from '../../kernel/base/machine.ts';
import type { DmaPiece } from '../../kernel/device/block.ts';
import type { ScsiBus, ScsiDisk, ScsiSense } from '../../kernel/device/scsi.ts';
import type { Exchange } from '../virtio/exchange.ts';
import type { Live } from '../virtio/live.ts';
import type { BlockLimits, Capacity, Inquiry, Provisioning } from './answers.ts';
import type { Controller } from './controller.ts';

/** What changes of an object of a contract. */
export type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Where a logical unit is. */
export interface Place {
  readonly target: number;
  readonly lun: number;
}

/** One logical unit that can be read block by block. */
export interface Unit extends Place {
  readonly bus: Bus;
  readonly disk: Mutable<ScsiDisk>;
  readonly inquiry: Inquiry;
  state: 'live' | 'closed' | 'removed';
  limits: BlockLimits;
  provisioning: Provisioning;
  /** Undefined: no medium. */
  capacity: Capacity | undefined;
  /** The page of modes with the write cache, as it was read last. */
  caching: Uint8Array | undefined;
  isCaching: boolean;
  /** It knows the longer command for that; found out by its first use. */
  hasSynchronizeCache16: boolean;
  /** It knows WRITE SAME; found out by its first use. */
  hasWriteSame: boolean;
  /** Looks at its medium, capacity and modes again: units.ts. */
  readonly refresh: (signal?: AbortSignal) => Promise<void>;
  /** It is being read again what it is, and has asked for that once more. */
  isRefreshing: boolean;
  isRefreshDue: boolean;
  capacityListeners: readonly ((capacitySectors: number) => void)[];
  mediumListeners: readonly ((hasMedium: boolean) => void)[];
}

/** What is to be done. Reads and writes move bytes; ranges name blocks; a command is itself. */
export type OperationType = 'read' | 'write' | 'unmap' | 'zero' | 'command';

/** What a caller asked for. */
export interface Operation {
  readonly type: OperationType;
  readonly place: Place;
  /** Undefined: nobody knows yet what is at its place. */
  readonly unit: Unit | undefined;
  /** Fulfilled with `result`; of a command with how many bytes were transferred. */
  readonly promise: Promise<unknown>;
  readonly result: unknown;
  /** The first block, and how much there is to do: bytes, or blocks of a range. */
  readonly block: number;
  readonly length: number;
  /** Of a command, also its data: `isWrite` says which way. */
  readonly cdb: Uint8Array | undefined;
  readonly isWrite: boolean;
  /** Its bytes: arrays, or the caller's own DMA memory. */
  readonly arrays: readonly Uint8Array[];
  readonly pieces: readonly DmaPiece[] | undefined;
  /** Of zeroes to be written: the blocks may be freed. */
  readonly mayUnmap: boolean;
  readonly signal: AbortSignal | undefined;
  listener: (() => void) | undefined;
  /** Bytes of a block when it was asked for. */
  readonly blockSize: number;
  /** How much of `length` is in tasks, and whether that is all; of the pieces, the next one and how much of it. */
  cut: number;
  isCut: boolean;
  pieceIndex: number;
  pieceCut: number;
  /** Tasks that are not done. */
  taskCount: number;
  /** How many bytes its last task has transferred. */
  transferred: number;
  /** Why it fails: nothing more is sent. */
  error: unknown;
  /** Its promise is settled; and the device has nothing of it any more. */
  isSettled: boolean;
  isDone: boolean;
}

/** One command. */
export interface Task {
  readonly operation: Operation;
  readonly cdb: Uint8Array;
  readonly isWrite: boolean;
  /** Bytes of data. */
  readonly length: number;
  /** Where they are: in the caller's memory, */
  readonly segments: readonly DmaPiece[] | undefined;
  /** in bytes of its own, */
  readonly parameters: Uint8Array | undefined;
  /** or in the arrays of the operation, from here on. */
  readonly start: number;
  /** Of the arena, while the device has it. */
  data: DmaOffset;
  tag: number;
  /** How often it was sent to no avail, as the unit had something to say first, or was busy. */
  attentionCount: number;
  busyCount: number;
  /** What was done to get it back, and when to do more, by clockNow. */
  rescue: 'none' | 'abort' | 'reset';
  rescueAt: number;
}

/** One SCSI host. */
export interface Bus {
  readonly live: Live;
  readonly controller: Controller;
  /** Task management. */
  readonly control: Exchange;
  readonly device: Mutable<ScsiBus>;
  units: Unit[];
  /** What is to be sent, in the order of the calls; first of all the tasks that go out once more. */
  line: Operation[];
  again: Task[];
  /** The task that found no room. */
  next: Task | undefined;
  /** There is no room, until something comes back. */
  isFull: boolean;
  /** By buffer. */
  readonly underWay: (Task | undefined)[];
  /** Those of them that are wanted back. */
  rescued: Task[];
  /** What is not done. */
  readonly operations: Set<Operation>;
  nextTag: number;
  /** A scan that is under way, and whether there is to be another behind it. */
  scan: Promise<void> | undefined;
  isScanDue: boolean;
  changeListeners: readonly ((disk: ScsiDisk, isThere: boolean) => void)[];
  complaintsLeft: number;
  // Set by the files that do it, which stand on those that need it.
  /** A unit says that something has changed. */
  noteAttention: (unit: Unit, sense: ScsiSense) => void;
  /** A disk was closed. */
  closeUnit: (unit: Unit) => void;
}
