// What callers ask of a disk that is awaited: each call is refused at once, or becomes an operation in the line, with a promise. kernel/device/block.ts says
// what they get.

import { log } from '../../kernel/base/log.ts';
import type { DmaOffset } from '../../kernel/base/machine.ts';
import { type BlockOptions, SECTOR_SIZE } from '../../kernel/device/block.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import { pendingPromise, reject } from '../../kernel/event/pending.ts';
import { wake } from '../../kernel/event/source.ts';
import { hasFeature } from '../virtio/features.ts';
import { closeLive, whyEnded } from '../virtio/live.ts';
import { type AwaitedBlk, type Call, failureOf, keep, listen, rejectPromise } from './awaited-state.ts';
import { givenUpError, readOnlyError, whyOutside } from './errors.ts';
import { ENQUEUE_FULL, enqueue, LENGTH_MAX } from './flow.ts';
import { FEATURE_FLUSH, TYPE_FLUSH, TYPE_IN, TYPE_OUT } from './registers.ts';

/** Reads into bytes of their own. */
export const read = (
  blk: AwaitedBlk,
  sector: number,
  sectorCount: number,
  options?: BlockOptions,
): Promise<Uint8Array> => {
  const length = sectorCount * SECTOR_SIZE;
  const refused = whyRefused(blk, TYPE_IN, sector, length); // Before memory is taken for what nobody can have.
  if (refused !== undefined) return Promise.reject(failureOf(refused));
  const bytes = new Uint8Array(length);
  return start(blk, TYPE_IN, sector, length, false, 0, bytes, bytes, options) as Promise<Uint8Array>;
};

/** Is fulfilled when all writes that were fulfilled before survive a loss of power. */
export const flush = (blk: AwaitedBlk, options?: BlockOptions): Promise<void> => {
  // A device without the feature has no cache that could be lost. §5.2.6.2
  if (blk.live.state === 'live' && !hasFeature(blk.transport.accepted, FEATURE_FLUSH)) return Promise.resolve();
  return start(blk, TYPE_FLUSH, 0, 0, false, 0, undefined, undefined, options) as Promise<void>;
};

/** Is fulfilled when all that was asked for until now is done, and survives a loss of power. */
export const flushAll = async (blk: AwaitedBlk): Promise<void> => {
  await Promise.allSettled([...blk.promises, ...blk.overflow.map(({ promise }) => promise)]);
  await flush(blk);
};

/** Is fulfilled when all that was asked for until now is done, and the device is reset and has no memory any more. */
export const close = async (blk: AwaitedBlk): Promise<void> => {
  if (blk.live.state === 'live') await flushAll(blk).catch((error) => log('error', blk.block.name, String(error)));
  closeLive(blk.live);
};

/** Calls `listener` when the capacity changes. Returns the function that ends it. */
export const onCapacityChange = (blk: AwaitedBlk, listener: (capacitySectors: number) => void): (() => void) => {
  blk.capacityListeners.push(listener);
  return () => {
    blk.capacityListeners = blk.capacityListeners.filter((each) => each !== listener);
  };
};

/** Puts an operation into the line. Returns its promise, which is fulfilled with `result`. */
export const start = (
  blk: AwaitedBlk,
  type: number,
  sector: number,
  length: number,
  isDirect: boolean,
  data: DmaOffset,
  bytes: Uint8Array | undefined,
  result: Uint8Array | undefined,
  options: BlockOptions | undefined,
): Promise<unknown> => {
  const isPlain = options === undefined && blk.overflow.length === 0;
  const slot: number = isPlain ? enqueue(blk.flow, type, sector, length, isDirect, data) : ENQUEUE_FULL;
  if (slot < 0) {
    const call = { type, sector, length, isDirect, data, bytes, result, promise: pendingPromise() };
    startSlowly(blk, call, options?.signal);
    return call.promise;
  }
  const promise = pendingPromise<unknown>();
  keep(blk, slot, promise, bytes, result);
  wakeSource(blk);
  return promise;
};

/** The same for what cannot be done, has no slot, or may be aborted. */
const startSlowly = (blk: AwaitedBlk, call: Call, signal: AbortSignal | undefined): void => {
  const { promise } = call;
  const refused = whyRefused(blk, call.type, call.sector, call.length);
  if (refused !== undefined) {
    reject(promise, failureOf(refused));
    return;
  }
  if (signal?.aborted) {
    reject(promise, signal.reason);
    return;
  }
  blk.overflow.push(call);
  takeOverflow(blk); // Who came first goes first.
  if (signal !== undefined) listen(blk, promise, signal);
  wakeSource(blk);
};

const wakeSource = (blk: AwaitedBlk): void => {
  if (blk.isAwake) return;
  blk.isAwake = true;
  wake(blk.source);
};

/** Returns why a request is not sent at all, undefined when it is. */
const whyRefused = (blk: AwaitedBlk, type: number, sector: number, length: number): DeviceError | undefined => {
  if (blk.live.state !== 'live') return whyEnded(blk.live);
  if (type > TYPE_OUT) return undefined;
  if (type === TYPE_OUT && blk.block.isReadOnly) return readOnlyError();
  if (length > LENGTH_MAX) return { kind: 'out-of-range', message: `${length} bytes are more than a request can have` };
  return whyOutside(blk.block, sector, length);
};

/** Moves calls into the pool, as far as it has room. */
export const takeOverflow = (blk: AwaitedBlk): void => {
  let moved = 0;
  for (; moved < blk.overflow.length; moved++) {
    const { type, sector, length, isDirect, data, bytes, result, promise } = blk.overflow[moved];
    const slot: number = enqueue(blk.flow, type, sector, length, isDirect, data);
    if (slot === ENQUEUE_FULL) break;
    if (slot >= 0) keep(blk, slot, promise, bytes, result);
    else rejectPromise(blk, promise, whyRefused(blk, type, sector, length) ?? givenUpError()); // The disk has shrunk since.
  }
  blk.overflow = blk.overflow.slice(moved);
};
