// What the driver of an awaited disk keeps of it in the control plane, and how promises get their end. The rest is in records: flow.ts.
//
// Functions over an object, as a method of a class costs a search by its name at each call.

import type { DmaOffset } from '../../kernel/base/machine.ts';
import type { BlockDevice, DmaPiece } from '../../kernel/device/block.ts';
import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';
import { type PendingList, reject } from '../../kernel/event/pending.ts';
import type { Interrupts } from '../virtio/interrupts.ts';
import type { Driver, Live } from '../virtio/live.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { type Flow, setSignals } from './flow.ts';
import { endOperation, noteGives } from './operations.ts';

/** What a caller wants done: an operation that is not in the pool yet, because that is used up. */
export interface Call {
  readonly type: number;
  readonly sector: number;
  readonly length: number;
  /** The caller's own DMA memory; else the bytes are those of `bytes`. */
  readonly isDirect: boolean;
  readonly data: DmaOffset;
  readonly bytes: Uint8Array | undefined;
  /** Its promise is fulfilled with `bytes`. */
  readonly givesBytes: boolean;
  /** In place of `bytes`: several arrays, or several pieces of DMA memory. */
  readonly list?: readonly Uint8Array[];
  readonly pieces?: readonly DmaPiece[];
  /** Of zeroes to be written. */
  readonly mayUnmap?: boolean;
  readonly promise: Promise<unknown>;
}

/** A caller who may change his mind. */
export interface Abortable {
  readonly signal: AbortSignal;
  readonly listener: () => void;
}

/** Of the block device, what changes. */
export type AwaitedBlock = { -readonly [Name in keyof BlockDevice]: BlockDevice[Name] };

/** One disk. */
export interface AwaitedBlk {
  readonly live: Live;
  readonly transport: Transport;
  readonly interrupts: Interrupts;
  /** Of one that has ended: one into which nothing goes. */
  flow: Flow;
  /** What callers see of it, and the event loop. */
  readonly block: AwaitedBlock;
  source: Driver;
  /** All queues of the disk, each with what is under way through it: itself alone, unless there are several (queues.ts). */
  lanes: readonly AwaitedBlk[];
  /** What was written may be in a cache that a loss of power empties. */
  isCaching: boolean;
  // By slot: who waits, and the bytes to copy.
  readonly promises: PendingList;
  readonly bytes: (Uint8Array | undefined)[];
  /** In place of bytes: several arrays. Few have some, so not every slot has a place here. */
  readonly lists: Map<number, readonly Uint8Array[]>;
  /** Calls that found the pool used up, in their order. */
  overflow: Call[];
  readonly abortables: Map<Promise<unknown>, Abortable>;
  capacityListeners: readonly ((capacitySectors: number) => void)[];
}

/** Notes the bytes of the operation of a slot, and whether its promise is fulfilled with them. */
export const keepBytes = (blk: AwaitedBlk, slot: number, bytes: Uint8Array | undefined, givesBytes: boolean): void => {
  if (bytes === undefined) return;
  while (blk.bytes.length <= slot) blk.bytes.push(undefined);
  blk.bytes[slot] = bytes;
  if (givesBytes) noteGives(blk.flow.operations, slot);
};

/** Notes the arrays of the operation of a slot. */
export const keepList = (blk: AwaitedBlk, slot: number, list: readonly Uint8Array[]): void => {
  blk.lists.set(slot, list);
};

/** Nobody waits for the operation of a slot any more. */
export const forget = (blk: AwaitedBlk, slot: number): void => {
  blk.promises[slot] = undefined;
  forgetBytes(blk, slot, blk.bytes[slot]);
};

/** The bytes of the operation of a slot are its caller's alone: `bytes`, or several arrays. */
export const forgetBytes = (blk: AwaitedBlk, slot: number, bytes: Uint8Array | undefined): void => {
  if (bytes !== undefined) blk.bytes[slot] = undefined;
  else if (blk.lists.size > 0) blk.lists.delete(slot);
};

/** Rejects who waits for the operation of a slot, of which nothing more is sent. Does nothing when nobody waits. */
export const rejectSlot = (blk: AwaitedBlk, slot: number, error: DeviceError): void => {
  const promise = blk.promises[slot];
  if (promise === undefined) return;
  endOperation(blk.flow.operations, slot);
  forget(blk, slot);
  rejectPromise(blk, promise, error);
};

/** Rejects a promise, and listens to its signal no more. */
export const rejectPromise = (blk: AwaitedBlk, promise: Promise<unknown>, error: DeviceError): void => {
  endListening(blk, promise);
  reject(promise, failureOf(error));
};

/** Listens to the signal of a caller who may change his mind. */
export const listen = (blk: AwaitedBlk, promise: Promise<unknown>, signal: AbortSignal): void => {
  const listener = (): void => abort(blk, promise, signal);
  blk.abortables.set(promise, { signal, listener });
  setSignals(blk.flow, true);
  signal.addEventListener('abort', listener);
};

/** Ends that. Returns who it was, undefined when nobody had a signal. */
export const endListening = (blk: AwaitedBlk, promise: Promise<unknown>): Abortable | undefined => {
  const abortable = blk.abortables.get(promise);
  if (abortable === undefined) return undefined;
  blk.abortables.delete(promise);
  setSignals(blk.flow, blk.abortables.size > 0);
  abortable.signal.removeEventListener('abort', abortable.listener);
  return abortable;
};

const abort = (blk: AwaitedBlk, promise: Promise<unknown>, signal: AbortSignal): void => {
  const slot = blk.promises.indexOf(promise);
  if (slot === -1) blk.overflow = blk.overflow.filter((call) => call.promise !== promise);
  else {
    const operations = blk.flow.operations;
    const isUnderWay = endOperation(operations, slot);
    // The device still reads or writes the caller's own memory: he hears of it when it is done.
    if (isUnderWay && operations.slots[slot].isDirect) return;
    forget(blk, slot);
  }
  endListening(blk, promise);
  reject(promise, signal.reason);
};
