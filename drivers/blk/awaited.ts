// A virtio block device whose requests are awaited. VIRTIO 1.2 §5.2.
//
// A call puts an operation into the line and returns its promise; the event loop polls the disk at the end of the turn, and what is in the line then
// goes out with one notification. Answers settle promises. The device interrupts only while the loop sleeps.

import { printableLetter } from '../../kernel/base/hex.ts';
import { log } from '../../kernel/base/log.ts';
import { renew } from '../../kernel/base/machine.ts';
import { DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import { fulfil, fulfilAt, type PendingList, reject } from '../../kernel/event/pending.ts';
import { dmaReadBytes, dmaWriteBytes } from '../../kernel/hal/dma.ts';
import { NO_DEADLINE } from '../../kernel/hal/interrupts.ts';
import { hasFeature } from '../virtio/features.ts';
import type { Interrupts } from '../virtio/interrupts.ts';
import { addListener } from '../virtio/listeners.ts';
import { gatherBytes, scatterBytes } from '../virtio/lists.ts';
import { type Driver, type Live, lookAtConfiguration, lookAtLate, startLive, whyEnded } from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { recordFor, recordsOf } from '../virtio/records.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { INTERRUPT_CONFIG } from '../virtio/transport/transport.ts';
import { type AwaitedBlk, type AwaitedBlock, endListening, forget, forgetBytes } from './awaited-state.ts';
import {
  close,
  flush,
  flushAll,
  read,
  start,
  startDirect,
  startList,
  startMany,
  startPieces,
  startRange,
  takeOverflow,
} from './calls.ts';
import { lifetime, NO_TOPOLOGY, setWriteCache, topologyOf } from './commands.ts';
import { describeDiskFault, statusError } from './errors.ts';
import {
  armFlow,
  Flow,
  hasToSend,
  nextCare,
  send,
  setDeadline,
  setSource,
  spinFlow,
  stopFlow,
  TAKEN_BROKEN,
  TAKEN_LATE,
  TAKEN_NONE,
  TAKEN_PART,
  take,
  wakeFlow,
} from './flow.ts';
import { beginFlow, setUpFlow, setUpFlowAgain } from './flow-bring-up.ts';
import { NO_SLOT } from './operations.ts';
import { configurationChanged, endDisk, lookAtBroken, noteCapacity, QUEUE_COUNT, rejectLost } from './recovery.ts';
import {
  FEATURE_READ_ONLY,
  SERIAL_NUMBER_LENGTH,
  STATUS_OK,
  TYPE_DISCARD,
  TYPE_GET_ID,
  TYPE_IN,
  TYPE_OUT,
  TYPE_SECURE_ERASE,
  TYPE_WRITE_ZEROES,
} from './registers.ts';

/** Brings a block device up, and shows it to the event loop. Rejects with a DeviceFailure. */
export const openBlk = async (live: Live): Promise<AwaitedBlk> => {
  const blk = makeBlk(live);
  startLive(live, blk.source);
  blk.block.serialNumber = await readSerialNumber(blk);
  return blk;
};

/** Returns the serial number, which is empty when the device has none, or does not tell. §5.2.6.1 */
export const readSerialNumber = async (blk: AwaitedBlk): Promise<string> => {
  const bytes = new Uint8Array(SERIAL_NUMBER_LENGTH);
  try {
    await start(blk, TYPE_GET_ID, 0, SERIAL_NUMBER_LENGTH, false, 0, bytes, false, undefined);
  } catch (error) {
    if (!(error instanceof DeviceFailure)) throw error;
    if (error.kind !== 'unsupported') log('warn', blk.block.name, `serial number: ${error.message}`);
    return '';
  }
  let text = '';
  for (let i = 0; i < SERIAL_NUMBER_LENGTH && bytes[i] !== 0; i++) text += printableLetter(bytes[i]);
  return text;
};

const FLOWS = recordsOf(
  () => new Flow(),
  (flow) => renew(flow),
);

let stopped: Flow | undefined;

/** Returns a flow into which nothing goes: that of all disks that have ended. */
const noFlow = (): Flow => {
  if (stopped === undefined) {
    stopped = new Flow();
    stopFlow(stopped);
  }
  return stopped;
};

/** Returns a disk that is not started. */
export const makeBlk = (live: Live): AwaitedBlk => {
  const flow = recordFor(live, FLOWS);
  setDeadline(flow, live.deadlineMs);
  const blk: NewBlk = {
    live,
    transport: live.transport,
    interrupts: live.interrupts,
    flow,
    block: undefined,
    source: undefined,
    lanes: [],
    isCaching: false,
    promises: [],
    bytes: [],
    lists: new Map(),
    overflow: [],
    abortables: new Map(),
    capacityListeners: [],
  };
  const made = blk as AwaitedBlk;
  blk.block = blockOf(made);
  blk.source = sourceOf(made);
  made.lanes = [made];
  return made;
};

/** A disk whose two faces are not made yet. */
type NewBlk = Omit<AwaitedBlk, 'block' | 'source'> & { block: AwaitedBlock | undefined; source: Driver | undefined };

/** What callers see of it. */
const blockOf = (blk: AwaitedBlk): AwaitedBlock => {
  const { live, promises } = blk;
  return {
    name: live.name,
    capacitySectors: 0,
    blockSizeBytes: 0,
    serialNumber: '',
    isReadOnly: false,
    featureNames: [],
    read: (sector, sectorCount, options) => read(blk, sector, sectorCount, options),
    readInto: (sector, target, options) =>
      start(blk, TYPE_IN, sector, target.length, false, 0, target, false, options) as Promise<void>,
    write: (sector, source, options) =>
      start(blk, TYPE_OUT, sector, source.length, false, 0, source, false, options) as Promise<void>,
    flush: (options) => flush(blk, options),
    readDma: (sector, offset, length, options) =>
      startDirect(blk, blk.flow, promises, TYPE_IN, sector, length, offset, options),
    writeDma: (sector, offset, length, options) =>
      startDirect(blk, blk.flow, promises, TYPE_OUT, sector, length, offset, options),
    readv: (sector, targets, options) => startList(blk, TYPE_IN, sector, targets, options),
    writev: (sector, sources, options) => startList(blk, TYPE_OUT, sector, sources, options),
    readvDma: (sector, pieces, options) => startPieces(blk, TYPE_IN, sector, pieces, options),
    writevDma: (sector, pieces, options) => startPieces(blk, TYPE_OUT, sector, pieces, options),
    readManyDma: (places, offset, length, options) =>
      startMany(blk, blk.flow, promises, TYPE_IN, places, offset, length, options),
    writeManyDma: (places, offset, length, options) =>
      startMany(blk, blk.flow, promises, TYPE_OUT, places, offset, length, options),
    discard: (sector, count, options) => startRange(blk, TYPE_DISCARD, sector, count, options),
    writeZeroes: (sector, count, options) => startRange(blk, TYPE_WRITE_ZEROES, sector, count, options),
    secureErase: (sector, count, options) => startRange(blk, TYPE_SECURE_ERASE, sector, count, options),
    topology: NO_TOPOLOGY,
    writeCache: 'write-back',
    setWriteCache: (mode) => setWriteCache(blk, mode),
    lifetime: (options) => lifetime(blk, options),
    onCapacityChange: (listener) => addListener(whyEnded(live), blk, 'capacityListeners', listener),
    close: () => close(blk),
  };
};

/** What the event loop sees of it. It does not ask a disk that has ended. */
const sourceOf = (blk: AwaitedBlk): Driver => {
  const { live, transport, interrupts, promises, flow } = blk;
  return {
    queueCount: QUEUE_COUNT,
    begin: () => beginFlow(transport, flow),
    setUp: () => setUpFlow(transport, live.pool, flow),
    setUpAgain: () => setUpFlowAgain(transport, flow),
    started: () => noteIdentity(blk),
    describeFault: () => describeDiskFault(transport),
    configurationChanged: () => configurationChanged(blk),
    lost: (error) => rejectLost(blk, error),
    ended: (error, refusal) => {
      endDisk(blk, error, refusal);
      blk.flow = noFlow(); // The other one is somebody else's from now on, and who still has this disk is refused.
    },
    flush: () => flushAll(blk),
    poll: () => poll(blk, flow, promises, transport, interrupts),
    spin: (deadline) => spinFlow(flow, deadline),
    arm: () => armFlow(flow, interrupts),
    send: () => sendAll(blk, flow),
    get pendingCount() {
      return flow.operations.usedCount + blk.overflow.length;
    },
    get wakeAt() {
      const at: number = nextCare(flow);
      return at === NO_DEADLINE ? Infinity : at;
    },
  };
};

/** Notes what the device says of itself, the first time and after each reset. */
export const noteIdentity = (blk: AwaitedBlk): void => {
  const { block, transport } = blk;
  setSource(blk.flow, blk.live.source);
  if (block.blockSizeBytes !== 0) {
    noteCapacity(blk);
    return;
  }
  block.capacitySectors = blk.flow.disk.capacitySectors;
  block.blockSizeBytes = blk.flow.disk.blockSizeBytes;
  block.isReadOnly = hasFeature(transport.accepted, FEATURE_READ_ONLY);
  block.topology = topologyOf(blk.flow);
  blk.isCaching = blk.flow.cache.isCaching;
  block.writeCache = blk.isCaching ? 'write-back' : 'write-through';
  block.featureNames = featureNames(transport.accepted, transport.deviceType);
};

// What the event loop asks for: kernel/event/source.ts.

/** Takes what is back, looks after the device, and sends what waits. Returns whether something was back. */
export const poll = (
  blk: AwaitedBlk,
  flow: Flow,
  promises: PendingList,
  transport: Transport,
  interrupts: Interrupts,
): boolean => {
  const causes: number = wakeFlow(flow, transport, interrupts);
  let taken: number = take(flow);
  const hasTaken = taken >= TAKEN_PART;
  for (; taken >= TAKEN_PART; taken = take(flow)) {
    if (taken === TAKEN_PART) settlePart(blk, flow, promises);
    else fulfilAt(promises, taken, undefined);
  }
  if (taken !== TAKEN_NONE) lookAtTrouble(blk, taken);
  if ((causes & INTERRUPT_CONFIG) !== 0) lookAtConfiguration(blk.live, causes);
  if (flow.isCrowded) takeOverflow(blk);
  if (hasToSend(flow)) sendAll(blk, flow);
  return hasTaken || flow.hasTakenSilently;
};

const lookAtTrouble = (blk: AwaitedBlk, taken: number): void => {
  if (taken === TAKEN_BROKEN) lookAtBroken(blk);
  else if (taken === TAKEN_LATE) lookAtLate(blk.live, blk.flow.late, blk.flow.disk.queue);
};

/** Sends what waits. The bytes of a write are copied when there is memory for them. */
export const sendAll = (blk: AwaitedBlk, flow: Flow): void => {
  for (let slot: number = send(flow); slot !== NO_SLOT; slot = send(flow)) {
    const bytes = blk.bytes[slot];
    if (bytes !== undefined) dmaWriteBytes(flow.preparedData, partOf(bytes, flow.preparedStart, flow.preparedLength));
    else gatherList(blk, slot);
  }
};

/** After a request that is not all of an operation, that has bytes of its caller's, who may give up, or that failed. */
const settlePart = (blk: AwaitedBlk, flow: Flow, promises: PendingList): void => {
  const slot: number = flow.takenSlot;
  const bytes = blk.bytes[slot]; // None when the caller has aborted.
  if (flow.takenHasBytes) {
    if (bytes !== undefined) dmaReadBytes(flow.takenData, partOf(bytes, flow.takenStart, flow.takenLength));
    else scatterList(blk, slot);
  }
  if (flow.takenIsWell) {
    forgetBytes(blk, slot, bytes);
    fulfilAt(promises, slot, flow.takenGives ? bytes : undefined);
  } else if (flow.takenEnds) settle(blk, slot, bytes);
};

/** Settles the promise of an operation that is over, failed or not, whose caller may give up, or has. */
const settle = (blk: AwaitedBlk, slot: number, bytes: Uint8Array | undefined): void => {
  const { flow } = blk;
  const promise = blk.promises[slot];
  if (promise === undefined) return; // Aborted, and settled then.
  forget(blk, slot);
  const abortable = blk.abortables.size > 0 ? endListening(blk, promise) : undefined;
  if (abortable?.signal.aborted) reject(promise, abortable.signal.reason);
  else if (flow.takenStatus === STATUS_OK) fulfil(promise, flow.takenGives ? bytes : undefined);
  else reject(promise, failureOf(statusError('the request', flow.takenStatus)));
};

/** Copies what a write has in several arrays, unless it was aborted. */
const gatherList = ({ flow, lists }: AwaitedBlk, slot: number): void => {
  const list = lists.get(slot);
  if (list !== undefined) gatherBytes(list, flow.preparedStart, flow.preparedLength, flow.preparedData);
};

/** Copies what a read wants in several arrays. */
const scatterList = ({ flow, lists }: AwaitedBlk, slot: number): void => {
  const list = lists.get(slot);
  if (list !== undefined) scatterBytes(list, flow.takenStart, flow.takenLength, flow.takenData);
};

/** Returns `length` bytes of `bytes` from `from` on. All of them are not taken apart. */
const partOf = (bytes: Uint8Array, from: number, length: number): Uint8Array =>
  length === bytes.length ? bytes : bytes.subarray(from, from + length);
