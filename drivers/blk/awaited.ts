// A virtio block device whose requests are awaited. VIRTIO 1.2 §5.2.
//
// A call puts an operation into the line and returns its promise; the event loop polls the disk at the end of the turn, and what is in the line then
// goes out with one notification. Answers settle promises. The device interrupts only while the loop sleeps.
//
// A device that does not answer by the deadline of a request, or says that it needs a reset, is reset and brought up again; what it had is lost, and
// rejects. One that answers against its specification, or does not come back, is given up.

import { log } from '../../kernel/base/log.ts';
import type { DmaOffset } from '../../kernel/base/machine.ts';
import { type BlockDevice, type BlockError, type BlockOptions, SECTOR_SIZE } from '../../kernel/device/block.ts';
import { BlockFailure } from '../../kernel/device/block-failure.ts';
import { fulfil, pendingPromise, reject } from '../../kernel/event/pending.ts';
import { onShutdown } from '../../kernel/event/shutdown.ts';
import { addSource, type EventSource, removeSource, wake } from '../../kernel/event/source.ts';
import { dmaReadBytes, dmaWriteBytes } from '../../kernel/hal/dma.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import { NO_DEADLINE } from '../../kernel/hal/interrupts.ts';
import { describeFault, formatInitializeError, transportName } from '../virtio/describe.ts';
import { logInterrupts } from '../virtio/describe-interrupts.ts';
import { hasFeature } from '../virtio/features.ts';
import { needsReset } from '../virtio/initialize.ts';
import {
  beginInterrupts,
  endInterrupts,
  INTERRUPT_NONE,
  type Interrupts,
  interruptCause,
} from '../virtio/interrupts.ts';
import { featureNames } from '../virtio/names.ts';
import { giveUp, RESET_TIMEOUT_MS } from '../virtio/reset.ts';
import { beginAgain } from '../virtio/restart.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { INTERRUPT_CONFIG } from '../virtio/transport/transport.ts';
import { beginDisk, readGeometry } from './bring-up.ts';
import { describeBroken, describeDiskFault, givenUpError, readOnlyError, statusError, whyOutside } from './errors.ts';
import {
  armFlow,
  CARE_EXPIRED,
  CARE_NONE,
  care,
  enqueue,
  Flow,
  nextCare,
  send,
  setDeadline,
  spinFlow,
  TAKEN_BROKEN,
  take,
  takeLost,
  wakeFlow,
} from './flow.ts';
import { finishFlow, finishFlowAgain } from './flow-bring-up.ts';
import { endOperation, NO_SLOT, type Operations } from './operations.ts';
import {
  FEATURE_FLUSH,
  FEATURE_READ_ONLY,
  REQUEST_QUEUE,
  SERIAL_NUMBER_LENGTH,
  STATUS_OK,
  TYPE_FLUSH,
  TYPE_GET_ID,
  TYPE_IN,
  TYPE_OUT,
} from './registers.ts';

/** Queues that the driver uses. */
const QUEUE_COUNT = 1;

/** What a caller wants done: an operation that is not in the pool yet, because that is used up. */
interface Call {
  readonly type: number;
  readonly sector: number;
  readonly length: number;
  /** The caller's own DMA memory; else the bytes are those of `bytes`. */
  readonly isDirect: boolean;
  readonly data: DmaOffset;
  readonly bytes: Uint8Array | undefined;
  readonly result: Uint8Array | undefined;
  readonly promise: Promise<unknown>;
}

/** A caller who may change his mind. */
interface Abortable {
  readonly signal: AbortSignal;
  readonly listener: () => void;
}

/**
 * Brings a block device up, and shows it to the event loop. `pool` gives the memory that it shares with the device. A device that has not answered
 * `deadlineMs` after a request was sent is reset.
 */
export const openBlk = async (
  transport: Transport,
  interrupts: Interrupts,
  pool: DmaPool,
  deadlineMs: number,
): Promise<BlockDevice> => {
  const flow = new Flow();
  setDeadline(flow, deadlineMs);
  if (!bringUp(transport, interrupts, pool, flow)) {
    const why = formatInitializeError(describeDiskFault(transport));
    throw new BlockFailure('device-failed', `${transportName(transport)}: failed at ${why}`);
  }
  const disk = new AwaitedDisk(transport, interrupts, flow, deadlineMs);
  await disk.readSerialNumber();
  return disk;
};

/** Brings a disk up the first time. False: the device was given up, and the fault says why. */
const bringUp = (transport: Transport, interrupts: Interrupts, pool: DmaPool, flow: Flow): boolean => {
  if (!beginDisk(transport, flow.disk)) return false;
  beginInterrupts(transport, interrupts, QUEUE_COUNT);
  logInterrupts(transport, interrupts);
  return finishFlow(transport, pool, flow);
};

/** The same for a disk that was live. */
const bringUpAgain = (transport: Transport, interrupts: Interrupts, flow: Flow): boolean => {
  endInterrupts(transport, interrupts);
  if (!beginAgain(transport)) return false;
  beginInterrupts(transport, interrupts, QUEUE_COUNT);
  return finishFlowAgain(transport, flow);
};

/** One disk. */
class AwaitedDisk implements BlockDevice, EventSource {
  readonly name: string;
  readonly blockSizeBytes: number;
  readonly isReadOnly: boolean;
  readonly featureNames: readonly string[];
  capacitySectors: number;
  serialNumber = '';
  private readonly transport: Transport;
  private readonly interrupts: Interrupts;
  private readonly flow: Flow;
  private readonly operations: Operations;
  private readonly deadlineMs: number;
  private readonly canFlush: boolean;
  private hasFailed = false;
  private isAwake = true;
  // By slot: who waits, the bytes to copy, and what the promise is fulfilled with.
  private readonly promises: (Promise<unknown> | undefined)[] = [];
  private readonly bytes: (Uint8Array | undefined)[] = [];
  private readonly results: (Uint8Array | undefined)[] = [];
  /** Calls that found the pool used up, in their order. */
  private overflow: Call[] = [];
  private readonly abortables = new Map<Promise<unknown>, Abortable>();
  private capacityListeners: ((capacitySectors: number) => void)[] = [];

  /** Makes a disk of what `bringUpFlow` brought up, and shows it to the event loop. */
  constructor(transport: Transport, interrupts: Interrupts, flow: Flow, deadlineMs: number) {
    this.name = transportName(transport);
    this.blockSizeBytes = flow.disk.blockSizeBytes;
    this.capacitySectors = flow.disk.capacitySectors;
    this.isReadOnly = hasFeature(transport.accepted, FEATURE_READ_ONLY);
    this.featureNames = featureNames(transport.accepted, transport.deviceType);
    this.canFlush = hasFeature(transport.accepted, FEATURE_FLUSH);
    this.transport = transport;
    this.interrupts = interrupts;
    this.flow = flow;
    this.operations = flow.operations;
    this.deadlineMs = deadlineMs;
    addSource(this, vectorsOf(interrupts));
    onShutdown(this.name, () => this.flushAll());
  }

  // What callers see: kernel/device/block.ts.

  read(sector: number, sectorCount: number, options?: BlockOptions): Promise<Uint8Array> {
    const length = sectorCount * SECTOR_SIZE;
    const refused = this.whyRefused(TYPE_IN, sector, length);
    if (refused !== undefined) return rejected(refused);
    const bytes = new Uint8Array(length);
    return this.start(TYPE_IN, sector, length, false, 0, bytes, bytes, options) as Promise<Uint8Array>;
  }

  readInto(sector: number, target: Uint8Array, options?: BlockOptions): Promise<void> {
    const refused = this.whyRefused(TYPE_IN, sector, target.length);
    if (refused !== undefined) return rejected(refused);
    return this.start(TYPE_IN, sector, target.length, false, 0, target, undefined, options) as Promise<void>;
  }

  write(sector: number, source: Uint8Array, options?: BlockOptions): Promise<void> {
    const refused = this.whyRefused(TYPE_OUT, sector, source.length);
    if (refused !== undefined) return rejected(refused);
    return this.start(TYPE_OUT, sector, source.length, false, 0, source, undefined, options) as Promise<void>;
  }

  flush(options?: BlockOptions): Promise<void> {
    if (this.hasFailed) return rejected(givenUpError());
    // A device without the feature has no cache that could be lost. §5.2.6.2
    if (!this.canFlush) return Promise.resolve();
    return this.start(TYPE_FLUSH, 0, 0, false, 0, undefined, undefined, options) as Promise<void>;
  }

  readDma(sector: number, offset: DmaOffset, length: number, options?: BlockOptions): Promise<void> {
    const refused = this.whyRefused(TYPE_IN, sector, length);
    if (refused !== undefined) return rejected(refused);
    return this.start(TYPE_IN, sector, length, true, offset, undefined, undefined, options) as Promise<void>;
  }

  writeDma(sector: number, offset: DmaOffset, length: number, options?: BlockOptions): Promise<void> {
    const refused = this.whyRefused(TYPE_OUT, sector, length);
    if (refused !== undefined) return rejected(refused);
    return this.start(TYPE_OUT, sector, length, true, offset, undefined, undefined, options) as Promise<void>;
  }

  onCapacityChange(listener: (capacitySectors: number) => void): () => void {
    this.capacityListeners.push(listener);
    return () => {
      this.capacityListeners = this.capacityListeners.filter((each) => each !== listener);
    };
  }

  /** Is fulfilled when all that was asked for until now is done, and survives a loss of power. */
  private async flushAll(): Promise<void> {
    await Promise.allSettled([...this.promises, ...this.overflow.map(({ promise }) => promise)]);
    await this.flush();
  }

  /** Asks for the serial number. A device that has none, or does not tell, leaves it empty. §5.2.6.1 */
  async readSerialNumber(): Promise<void> {
    const bytes = new Uint8Array(SERIAL_NUMBER_LENGTH);
    try {
      await this.start(TYPE_GET_ID, 0, SERIAL_NUMBER_LENGTH, false, 0, bytes, undefined, undefined);
    } catch (error) {
      if (!(error instanceof BlockFailure)) throw error;
      if (error.kind !== 'unsupported') log('warn', this.name, `serial number: ${error.message}`);
      return;
    }
    for (let i = 0; i < SERIAL_NUMBER_LENGTH && bytes[i] !== 0; i++) {
      this.serialNumber += String.fromCharCode(bytes[i]);
    }
  }

  // What the event loop sees: kernel/event/source.ts.

  get pendingCount(): number {
    return this.operations.usedCount + this.overflow.length;
  }

  get wakeAt(): number {
    const at: number = nextCare(this.flow);
    return at === NO_DEADLINE ? Infinity : at;
  }

  poll(): boolean {
    this.isAwake = true;
    wakeFlow(this.flow);
    const causes: number = interruptCause(this.transport, this.interrupts);
    const hasTaken = this.takeAll();
    if ((causes & INTERRUPT_CONFIG) !== 0) this.lookAtConfiguration();
    this.lookAfter();
    this.sendAll();
    return hasTaken;
  }

  spin(deadline: number): boolean {
    return spinFlow(this.flow, deadline);
  }

  arm(): boolean {
    this.isAwake = !armFlow(this.flow, this.interrupts.kind !== INTERRUPT_NONE);
    return !this.isAwake;
  }

  // Into the line and out of it.

  private whyRefused(type: number, sector: number, length: number): BlockError | undefined {
    if (this.hasFailed) return givenUpError();
    if (type === TYPE_OUT && this.isReadOnly) return readOnlyError();
    return whyOutside(this, sector, length);
  }

  /** Puts an operation into the line. Returns its promise, which is fulfilled with `result`. */
  private start(
    type: number,
    sector: number,
    length: number,
    isDirect: boolean,
    data: DmaOffset,
    bytes: Uint8Array | undefined,
    result: Uint8Array | undefined,
    options: BlockOptions | undefined,
  ): Promise<unknown> {
    const signal = options?.signal;
    const promise = pendingPromise<unknown>();
    if (signal?.aborted) {
      reject(promise, signal.reason);
      return promise;
    }
    const isFree = this.overflow.length === 0; // Who came first goes first.
    const slot: number = isFree ? enqueue(this.flow, type, sector, length, isDirect, data) : NO_SLOT;
    if (slot === NO_SLOT) this.overflow.push({ type, sector, length, isDirect, data, bytes, result, promise });
    else this.keep(slot, promise, bytes, result);
    if (signal !== undefined) this.listen(promise, signal);
    if (!this.isAwake) {
      this.isAwake = true;
      wake(this);
    }
    return promise;
  }

  private keep(
    slot: number,
    promise: Promise<unknown>,
    bytes: Uint8Array | undefined,
    result: Uint8Array | undefined,
  ): void {
    this.promises[slot] = promise;
    this.bytes[slot] = bytes;
    this.results[slot] = result;
  }

  /** Moves calls into the pool, as far as it has room. */
  private takeOverflow(): void {
    let moved = 0;
    while (moved < this.overflow.length) {
      const { type, sector, length, isDirect, data, bytes, result, promise } = this.overflow[moved];
      const slot: number = enqueue(this.flow, type, sector, length, isDirect, data);
      if (slot === NO_SLOT) break;
      this.keep(slot, promise, bytes, result);
      moved++;
    }
    this.overflow = this.overflow.slice(moved);
  }

  /** Sends what waits. The bytes of a write are copied when there is memory for them. */
  private sendAll(): void {
    if (this.overflow.length > 0) this.takeOverflow();
    const flow = this.flow;
    for (let slot: number = send(flow); slot !== NO_SLOT; slot = send(flow)) {
      const bytes = this.bytes[slot];
      if (bytes !== undefined) dmaWriteBytes(flow.preparedData, partOf(bytes, flow.preparedStart, flow.preparedLength));
    }
  }

  /** Takes back what is done. Returns whether there was anything. */
  private takeAll(): boolean {
    const flow = this.flow;
    let slot: number = take(flow);
    const hasTaken = slot >= 0;
    while (slot >= 0) {
      if (flow.takenHasBytes) this.copyTaken(slot);
      if (flow.takenEnds) this.settle(slot, flow.takenStatus);
      slot = take(flow);
    }
    if (slot === TAKEN_BROKEN) this.fail({ kind: 'wrong-answer', message: describeBroken(this.flow.disk) });
    return hasTaken;
  }

  private copyTaken(slot: number): void {
    const flow = this.flow;
    const bytes = this.bytes[slot]; // None when the caller has aborted.
    if (bytes !== undefined) dmaReadBytes(flow.takenData, partOf(bytes, flow.takenStart, flow.takenLength));
  }

  private settle(slot: number, status: number): void {
    const promise = this.promises[slot];
    if (promise === undefined) return; // Aborted, and settled then.
    const result = this.results[slot];
    this.forget(slot);
    const abortable = this.abortables.size > 0 ? this.endListening(promise) : undefined;
    if (abortable?.signal.aborted) reject(promise, abortable.signal.reason);
    else if (status === STATUS_OK) fulfil(promise, result);
    else reject(promise, failureOf(statusError('the request', status)));
  }

  private forget(slot: number): void {
    this.promises[slot] = undefined;
    this.bytes[slot] = undefined;
    this.results[slot] = undefined;
  }

  // Callers who change their minds.

  private listen(promise: Promise<unknown>, signal: AbortSignal): void {
    const listener = (): void => this.abort(promise, signal);
    this.abortables.set(promise, { signal, listener });
    signal.addEventListener('abort', listener);
  }

  private endListening(promise: Promise<unknown>): Abortable | undefined {
    const abortable = this.abortables.get(promise);
    if (abortable === undefined) return undefined;
    this.abortables.delete(promise);
    abortable.signal.removeEventListener('abort', abortable.listener);
    return abortable;
  }

  private abort(promise: Promise<unknown>, signal: AbortSignal): void {
    const slot = this.promises.indexOf(promise);
    if (slot === -1) this.overflow = this.overflow.filter((call) => call.promise !== promise);
    else {
      const isUnderWay = endOperation(this.operations, slot);
      // The device still reads or writes the caller's own memory: he hears of it when it is done.
      if (isUnderWay && this.operations.slots[slot].isDirect) return;
      this.forget(slot);
    }
    this.endListening(promise);
    reject(promise, signal.reason);
  }

  // What the device does by itself.

  /** After an interrupt for the configuration: a device that needs a reset says so by it, too. §2.1.2 */
  private lookAtConfiguration(): void {
    if (this.hasFailed) return;
    if (needsReset(this.transport)) this.restart(this.resetError());
    else if (readGeometry(this.transport, this.flow.disk)) this.noteCapacity();
    else log('error', this.name, `its configuration cannot be read: ${describeDiskFault(this.transport).message}`);
  }

  private resetError(): BlockError {
    return { kind: 'device-reset', message: describeFault(this.transport).message };
  }

  /** Looks whether the device still answers. */
  private lookAfter(): void {
    const found: number = care(this.flow);
    if (found === CARE_NONE || this.hasFailed) return;
    if (needsReset(this.transport)) {
      this.restart(this.resetError());
    } else if (found === CARE_EXPIRED) {
      this.restart({ kind: 'timeout', message: `no answer in ${this.deadlineMs} ms` });
    } else this.logRekick();
  }

  private logRekick(): void {
    if (this.flow.disk.queue.rekickCount === 1) log('warn', this.name, 'no answer for 10 ms, notified again');
  }

  /** Resets the device and brings it up again; what it had rejects with `error`. */
  private restart(error: BlockError): void {
    log('error', this.name, `${error.message}; it is reset`);
    if (!bringUpAgain(this.transport, this.interrupts, this.flow)) {
      log('error', this.name, `it does not come up again: ${describeDiskFault(this.transport).message}`);
      this.end(error);
      return;
    }
    removeSource(this);
    addSource(this, vectorsOf(this.interrupts)); // They may be others.
    this.rejectLost(error);
    log('warn', this.name, 'it was reset and works again');
    this.noteCapacity();
  }

  /** Gives the device up because of `error`. */
  private fail(error: BlockError): void {
    if (this.hasFailed) return;
    log('error', this.name, error.message);
    if (!giveUp(this.transport)) {
      log('error', this.name, `device_status is not 0 ${RESET_TIMEOUT_MS} ms after a reset`);
    }
    this.end(error);
  }

  /** Rejects everything: what the device had with `error`, what it did not get as given up. */
  private end(error: BlockError): void {
    this.hasFailed = true;
    endInterrupts(this.transport, this.interrupts);
    this.rejectLost(error);
    this.takeOverflow();
    for (let slot = 0; slot < this.promises.length; slot++) this.rejectSlot(slot, givenUpError());
    for (const { promise } of this.overflow) this.rejectPromise(promise, givenUpError());
    this.overflow = [];
    removeSource(this);
  }

  /** Rejects what the device had when it was reset. */
  private rejectLost(error: BlockError): void {
    for (let slot: number = takeLost(this.flow); slot >= 0; slot = takeLost(this.flow)) {
      if (this.flow.takenEnds) this.rejectSlot(slot, error);
    }
  }

  private rejectSlot(slot: number, error: BlockError): void {
    const promise = this.promises[slot];
    if (promise === undefined) return;
    endOperation(this.operations, slot);
    this.forget(slot);
    this.rejectPromise(promise, error);
  }

  private rejectPromise(promise: Promise<unknown>, error: BlockError): void {
    this.endListening(promise);
    reject(promise, failureOf(error));
  }

  /** Tells the listeners when the capacity is another than before. */
  private noteCapacity(): void {
    const capacitySectors = this.flow.disk.capacitySectors;
    if (capacitySectors === this.capacitySectors) return;
    log('info', this.name, `${capacitySectors} sectors, before ${this.capacitySectors}`);
    this.capacitySectors = capacitySectors;
    for (const listener of this.capacityListeners) listener(capacitySectors);
  }
}

/** Returns the vectors of a disk's configuration and queue, each once; none when it is polled. */
const vectorsOf = (interrupts: Interrupts): number[] => {
  const configVector: number = interrupts.configVector;
  const queueVector: number = interrupts.queueVectors[REQUEST_QUEUE];
  if (interrupts.kind === INTERRUPT_NONE) return [];
  return configVector === queueVector ? [configVector] : [configVector, queueVector];
};

/** Returns `length` bytes of `bytes` from `start` on. All of them are not taken apart. */
const partOf = (bytes: Uint8Array, start: number, length: number): Uint8Array =>
  length === bytes.length ? bytes : bytes.subarray(start, start + length);

const failureOf = (error: BlockError): BlockFailure => new BlockFailure(error.kind, error.message);

const rejected = (error: BlockError): Promise<never> => Promise.reject(failureOf(error));
