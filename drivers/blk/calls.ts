// What callers ask of a disk that is awaited: each call is refused at once, or becomes an operation in the line, with a promise. kernel/device/block.ts says
// what they get.

import { log } from '../../kernel/base/log.ts';
import type { DmaOffset } from '../../kernel/base/machine.ts';
import {
  type BlockOptions,
  DMA_PIECE_COUNT_MAX,
  type DmaPiece,
  SECTOR_SIZE,
  type WriteZeroesOptions,
} from '../../kernel/device/block.ts';
import type { BlockPlaces } from '../../kernel/device/block-places.ts';
import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';
import { type PendingList, pendingAt, pendingPromise, reject } from '../../kernel/event/pending.ts';
import { readOnlyError, whyNoCount, whyNotMemory, whyOutside, whyPiecesRefused } from '../virtio/disk-requests.ts';
import { eachPlace } from '../virtio/each-place.ts';
import { closeLive, whyEnded } from '../virtio/live.ts';
import { type AwaitedBlk, type Call, keepBytes, keepList, listen, rejectPromise } from './awaited-state.ts';
import { enqueueMany, enqueuePiece, enqueuePieces, enqueueRange, PIECE_OK, PIECES_FULL } from './enqueue.ts';
import { givenUpError, unsupportedError } from './errors.ts';
import { ENQUEUE_FULL, ENQUEUE_REFUSED, enqueue, enqueueDirect, type Flow, LENGTH_MAX, setCrowded } from './flow.ts';
import { rangeLimitsOf } from './ranges.ts';
import { TYPE_DISCARD, TYPE_FLUSH, TYPE_IN, TYPE_OUT } from './registers.ts';

/** Reads into bytes of their own. */
export const read = (
  blk: AwaitedBlk,
  sector: number,
  sectorCount: number,
  options?: BlockOptions,
): Promise<Uint8Array> => {
  const length = sectorCount * SECTOR_SIZE;
  const refused = whyNoCount(sectorCount) ?? whyRefused(blk, TYPE_IN, sector, length); // Before memory is taken for what nobody can have.
  if (refused !== undefined) return Promise.reject(failureOf(refused));
  const bytes = new Uint8Array(length);
  return start(blk, TYPE_IN, sector, length, false, 0, bytes, true, options) as Promise<Uint8Array>;
};

/** Is fulfilled when all writes that were fulfilled before survive a loss of power. Where nothing is cached, they do already. §5.2.6.2 */
export const flush = (blk: AwaitedBlk, options?: BlockOptions): Promise<void> => {
  if (blk.live.state === 'live' && !blk.isCaching) return Promise.resolve();
  return start(blk, TYPE_FLUSH, 0, 0, false, 0, undefined, false, options) as Promise<void>;
};

/** Is fulfilled when all that was asked for until now is done, and survives a loss of power. */
export const flushAll = async (blk: AwaitedBlk): Promise<void> => {
  await Promise.allSettled(
    blk.lanes.flatMap(({ promises, overflow }) => [...promises, ...overflow.map(({ promise }) => promise)]),
  );
  await flush(blk);
};

/** Is fulfilled when all that was asked for until now is done, and the device is reset and has no memory any more. */
export const close = async (blk: AwaitedBlk): Promise<void> => {
  const { live } = blk;
  try {
    if (live.state === 'live') await flushAll(blk);
  } catch (error) {
    if (whyEnded(live)?.kind !== 'closed') log('error', live.name, String(error)); // Else somebody has closed it twice.
  }
  closeLive(live);
};

/** Puts an operation into the line. Returns its promise, which is fulfilled with `bytes`, or with nothing. */
export const start = (
  blk: AwaitedBlk,
  type: number,
  sector: number,
  length: number,
  isDirect: boolean,
  data: DmaOffset,
  bytes: Uint8Array | undefined,
  givesBytes: boolean,
  options: BlockOptions | undefined,
): Promise<unknown> => {
  const isSimple = options === undefined && blk.overflow.length === 0;
  const slot: number = isSimple ? enqueue(blk.flow, type, sector, length, isDirect, data) : ENQUEUE_FULL;
  if (slot < 0) {
    const call = { type, sector, length, isDirect, data, bytes, givesBytes, promise: pendingPromise() };
    return startSlowly(blk, call, options?.signal);
  }
  keepBytes(blk, slot, bytes, givesBytes);
  return pendingAt(blk.promises, slot);
};

/** The same for a read or a write on the caller's own memory, where there is nothing to keep but the promise. */
export const startDirect = (
  blk: AwaitedBlk,
  flow: Flow,
  promises: PendingList,
  type: number,
  sector: number,
  length: number,
  data: DmaOffset,
  options: BlockOptions | undefined,
): Promise<void> => {
  const slot: number = options === undefined ? enqueueDirect(flow, type, sector, length, data) : ENQUEUE_FULL;
  if (slot >= 0) return pendingAt(promises, slot);
  return startSlowly(blk, makeCall({ type, sector, length, isDirect: true, data }), options?.signal);
};

/** The same for a read or a write whose bytes are in several arrays. */
export const startList = (
  blk: AwaitedBlk,
  type: number,
  sector: number,
  list: readonly Uint8Array[],
  options: BlockOptions | undefined,
): Promise<void> => {
  const length = lengthOfAll(list);
  const slot: number = isPlain(blk, options) ? enqueue(blk.flow, type, sector, length, false, 0) : ENQUEUE_FULL;
  if (slot < 0) return startSlowly(blk, makeCall({ type, sector, length, list }), options?.signal);
  keepList(blk, slot, list);
  return pendingAt(blk.promises, slot);
};

/** The same for one whose DMA memory is in several pieces. */
export const startPieces = (
  blk: AwaitedBlk,
  type: number,
  sector: number,
  pieces: readonly DmaPiece[],
  options: BlockOptions | undefined,
): Promise<void> => {
  const slot: number = isPlain(blk, options) ? putPieces(blk, type, sector, pieces) : ENQUEUE_FULL;
  if (slot >= 0) return pendingAt(blk.promises, slot);
  const call = makeCall({ type, sector, length: lengthOfAll(pieces), isDirect: true, pieces });
  return startSlowly(blk, call, options?.signal);
};

/** The same for many places. What is not possible in one operation is asked for one by one. */
export const startMany = (
  blk: AwaitedBlk,
  flow: Flow,
  promises: PendingList,
  type: number,
  places: BlockPlaces,
  offset: DmaOffset,
  length: number,
  options: BlockOptions | undefined,
): Promise<void> => {
  const slot: number = options === undefined ? enqueueMany(flow, type, places, offset, length) : ENQUEUE_FULL;
  if (slot >= 0) return pendingAt(promises, slot);
  return eachPlace(
    places,
    offset,
    length,
    (sector) => whyRefused(blk, type, sector, length),
    (sector, at) => startDirect(blk, flow, promises, type, sector, length, at, options),
  );
};

/** The same for a range of sectors: TYPE_DISCARD and its kin. */
export const startRange = (
  blk: AwaitedBlk,
  type: number,
  sector: number,
  sectorCount: number,
  options: WriteZeroesOptions | undefined,
): Promise<void> => {
  const mayUnmap = options?.mayUnmap === true;
  const slot: number = isPlain(blk, options)
    ? enqueueRange(blk.flow, type, sector, sectorCount, mayUnmap)
    : ENQUEUE_FULL;
  if (slot >= 0) return pendingAt(blk.promises, slot);
  return startSlowly(blk, makeCall({ type, sector, length: sectorCount, mayUnmap }), options?.signal);
};

/** Returns whether a call may go into the pool at once: nobody waits to, and it cannot be aborted. */
const isPlain = (blk: AwaitedBlk, options: BlockOptions | undefined): boolean =>
  options?.signal === undefined && blk.overflow.length === 0;

const makeCall = (what: Pick<Call, 'type' | 'sector' | 'length'> & Partial<Call>): Call => ({
  isDirect: false,
  data: 0,
  bytes: undefined,
  givesBytes: false,
  ...what,
  promise: pendingPromise(),
});

const lengthOfAll = (parts: readonly { readonly length: number }[]): number => {
  let sum = 0;
  for (const { length } of parts) sum += length;
  return sum;
};

/** The same for what cannot be done, has no slot, or may be aborted. Returns the call's promise. */
const startSlowly = (blk: AwaitedBlk, call: Call, signal: AbortSignal | undefined): Promise<void> => {
  const { promise } = call;
  const refused = whyCallRefused(blk, call);
  if (refused !== undefined) {
    reject(promise, failureOf(refused));
  } else if (signal?.aborted) {
    reject(promise, signal.reason);
  } else {
    blk.overflow.push(call);
    takeOverflow(blk); // Who came first goes first.
    if (signal !== undefined) listen(blk, promise, signal);
  }
  return promise as Promise<void>;
};

/** Returns why a call is not sent at all, undefined when it is. */
const whyCallRefused = (blk: AwaitedBlk, call: Call): DeviceError | undefined => {
  const { type, sector, length, isDirect, data, pieces } = call;
  if (blk.live.state !== 'live') return whyEnded(blk.live);
  if (type >= TYPE_DISCARD) return whyRangeRefused(blk, type, sector, length);
  if (pieces !== undefined) return whyPiecesRefused(blk.block, pieces) ?? whyRefused(blk, type, sector, length);
  return whyRefused(blk, type, sector, length) ?? (isDirect ? whyNotMemory(data, length) : undefined);
};

/** The same for a read, a write, or what has no place. */
const whyRefused = (blk: AwaitedBlk, type: number, sector: number, length: number): DeviceError | undefined => {
  if (blk.live.state !== 'live') return whyEnded(blk.live);
  if (type > TYPE_OUT) return undefined;
  if (type === TYPE_OUT && blk.block.isReadOnly) return readOnlyError();
  const outside = whyOutside(blk.block, sector, length);
  if (outside !== undefined || length <= LENGTH_MAX) return outside;
  return { kind: 'out-of-range', message: `${length} bytes are more than a request can have` };
};

const whyRangeRefused = (blk: AwaitedBlk, type: number, sector: number, count: number): DeviceError | undefined => {
  if (blk.block.isReadOnly) return readOnlyError();
  const refused = whyNoCount(count) ?? whyOutside(blk.block, sector, count * SECTOR_SIZE);
  if (refused !== undefined) return refused; // What is wrong with the call comes before what the disk cannot do.
  return rangeLimitsOf(blk.flow.limits, type).sectorsMax === 0 ? unsupportedError(type) : undefined;
};

/** Moves calls into the pool, as far as it has room. */
export const takeOverflow = (blk: AwaitedBlk): void => {
  let moved = 0;
  for (; moved < blk.overflow.length; moved++) {
    const call = blk.overflow[moved];
    const slot: number = put(blk, call);
    if (slot === ENQUEUE_FULL) break;
    if (slot < 0) {
      rejectPromise(blk, call.promise, whyCallRefused(blk, call) ?? givenUpError()); // The disk has shrunk since.
      continue;
    }
    blk.promises[slot] = call.promise;
    keepBytes(blk, slot, call.bytes, call.givesBytes);
    if (call.list !== undefined) keepList(blk, slot, call.list);
  }
  blk.overflow = blk.overflow.slice(moved);
  setCrowded(blk.flow, blk.overflow.length > 0);
};

/** Puts a call into the pool. Returns its slot, ENQUEUE_FULL or ENQUEUE_REFUSED. */
const put = (blk: AwaitedBlk, call: Call): number => {
  const { type, sector, length, isDirect, data, pieces, mayUnmap } = call;
  if (pieces !== undefined) return putPieces(blk, type, sector, pieces);
  if (type >= TYPE_DISCARD) return enqueueRange(blk.flow, type, sector, length, mayUnmap === true);
  return enqueue(blk.flow, type, sector, length, isDirect, data);
};

/** The same for pieces of DMA memory. */
const putPieces = (blk: AwaitedBlk, type: number, sector: number, pieces: readonly DmaPiece[]): number => {
  if (pieces.length > DMA_PIECE_COUNT_MAX) return ENQUEUE_REFUSED;
  for (const { offset, length } of pieces) {
    const code: number = enqueuePiece(blk.flow, offset, length);
    if (code !== PIECE_OK) return code === PIECES_FULL ? ENQUEUE_FULL : ENQUEUE_REFUSED;
  }
  return enqueuePieces(blk.flow, type, sector);
};
