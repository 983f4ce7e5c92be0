// What was asked of the units of a SCSI bus goes to the device, and comes back. VIRTIO 1.2 §5.6.6.1
//
//   ask() ─▶ line ─▶ end of the turn: commands, one notification for all ─▶ device ─▶ poll: judged ─┬─▶ the promise is settled
//              ▲                                                                                    │
//              └──── once more, when the unit had something to say first, or was busy ──────────────┘
//
// Operations go out in the order of the calls; what finds no room, in the queue or in the memory for bytes, has those behind it wait.

import type { DmaPiece } from '../../kernel/device/block.ts';
import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';
import { fulfil, pendingPromise, reject } from '../../kernel/event/pending.ts';
import { startTimeout } from '../../kernel/event/timers.ts';
import { dmaReadBytes, dmaWriteBytes } from '../../kernel/hal/dma.ts';
import { ARENA_FULL, giveBack, takePiece } from '../virtio/arena.ts';
import {
  BUFFERS_BROKEN,
  beginBuffer,
  endBuffer,
  fillReadable,
  fillWritable,
  freeBuffer,
  kickBuffers,
  lookAfter,
  NO_BUFFER,
  takeFree,
  takeLost,
  takeReturned,
} from '../virtio/buffers.ts';
import { gatherBytes, scatterBytes } from '../virtio/lists.ts';
import { giveUpLive, lookAtBroken, lookAtLate, wakeLive, whyEnded } from '../virtio/live.ts';
import { fill } from '../virtio/queue/queue.ts';
import { DEVICE_READS, DEVICE_WRITES } from '../virtio/queue/record.ts';
import { writeRequest } from './controller.ts';
import { cutTask } from './cut.ts';
import { judge } from './judge.ts';
import { REQUEST_SIZE, RESPONSE_SIZE } from './registers.ts';
import { lookAtLateTasks, rescue } from './rescue.ts';
import type { Bus, Operation, Task, Unit } from './state.ts';

/** How long a busy unit is left alone, and how often. */
const BUSY_MS = 20;
const BUSY_COUNT_MAX = 50;

/** So often a unit may have something to say before it does what it is asked for. */
const ATTENTION_COUNT_MAX = 8;

/** What is to be done: the facts of an operation. */
export type Asked = Pick<Operation, 'type' | 'place' | 'length'> & Partial<Operation>;

/** Has the device do it. Returns the operation's promise, which rejects with a DeviceFailure, or with the reason of its signal. */
export const ask = (bus: Bus, asked: Asked): Promise<unknown> => {
  const operation = newOperation(asked);
  const { promise, signal, unit } = operation;
  const refused = whyEnded(bus.live) ?? (unit === undefined ? undefined : whyUnitEnded(unit));
  if (refused !== undefined) reject(promise, failureOf(refused));
  else if (signal?.aborted) reject(promise, signal.reason);
  else {
    bus.operations.add(operation);
    bus.line.push(operation);
    if (signal !== undefined) listen(bus, operation, signal);
    wakeLive(bus.live);
  }
  return promise;
};

const newOperation = (asked: Asked): Operation => ({
  unit: undefined,
  result: undefined,
  block: 0,
  blockSize: 0,
  cdb: undefined,
  isWrite: false,
  arrays: [],
  pieces: undefined,
  mayUnmap: false,
  signal: undefined,
  ...asked,
  promise: pendingPromise(),
  listener: undefined,
  cut: 0,
  isCut: false,
  pieceIndex: 0,
  pieceCut: 0,
  taskCount: 0,
  transferred: 0,
  error: undefined,
  isSettled: false,
  isDone: false,
});

/** Returns why a unit takes nothing more, undefined while it does. */
export const whyUnitEnded = ({ state }: Unit): DeviceError | undefined => {
  if (state === 'live') return undefined;
  return state === 'closed'
    ? { kind: 'closed', message: 'the disk was closed' }
    : { kind: 'removed', message: 'the disk was removed' };
};

const listen = (bus: Bus, operation: Operation, signal: AbortSignal): void => {
  const listener = (): void => abort(bus, operation, signal);
  operation.listener = listener;
  signal.addEventListener('abort', listener);
};

const endListening = (operation: Operation): void => {
  if (operation.listener === undefined) return;
  operation.signal!.removeEventListener('abort', operation.listener);
  operation.listener = undefined;
};

/** Commands that the device has are asked back. Who has lent it his own memory hears of it when they are. */
const abort = (bus: Bus, operation: Operation, signal: AbortSignal): void => {
  endOperation(bus, operation, signal.reason);
  if (operation.isDone) return;
  for (const task of bus.underWay) if (task?.operation === operation) rescue(bus, task);
  if (operation.pieces === undefined) settle(operation);
};

/** Sends nothing more of an operation, which fails. */
export const endOperation = (bus: Bus, operation: Operation, error: unknown): void => {
  operation.error ??= error;
  if (operation.taskCount === 0) finish(bus, operation);
};

/** The device has nothing of an operation any more, and gets nothing more. */
const finish = (bus: Bus, operation: Operation): void => {
  if (operation.isDone) return;
  operation.isDone = true;
  bus.operations.delete(operation);
  settle(operation);
};

const settle = (operation: Operation): void => {
  if (operation.isSettled) return;
  operation.isSettled = true;
  endListening(operation);
  const { promise, error, type } = operation;
  if (error !== undefined) reject(promise, error);
  else fulfil(promise, type === 'command' ? operation.transferred : operation.result);
};

/** Sends what waits, as far as there is room. */
export const sendAll = (bus: Bus): void => {
  if (bus.isFull || bus.live.state !== 'live') return;
  let left = 0; // Operations that have left the line.
  for (;;) {
    while (left < bus.line.length && hasLeft(bus, bus.line[left]!)) left++;
    const task = bus.next ?? bus.again.shift() ?? (left < bus.line.length ? cutTask(bus, bus.line[left]!) : undefined);
    bus.next = undefined;
    if (task === undefined) break;
    if (task.operation.error !== undefined) endTask(bus, task);
    else if (!send(bus, task)) {
      bus.next = task;
      bus.isFull = true;
      break;
    }
  }
  if (left > 0) bus.line = bus.line.slice(left);
  kickBuffers(bus.controller.requests);
};

/** Returns whether there is nothing to be cut off an operation. One whose medium is gone meanwhile fails. */
const hasLeft = (bus: Bus, operation: Operation): boolean => {
  const { unit, type, blockSize } = operation;
  if (operation.error === undefined && type !== 'command' && unit!.capacity?.blockSize !== blockSize) {
    endOperation(bus, operation, failureOf({ kind: 'no-medium', message: 'the medium was changed or taken out' }));
  }
  return operation.isCut || operation.error !== undefined;
};

/** Gives the device a command. False: there is no room now, or the queue is broken, which the next poll finds. */
const send = (bus: Bus, task: Task): boolean => {
  const { controller, underWay } = bus;
  const requests = controller.requests;
  const arena = controller.arena;
  const { operation, segments, length, isWrite } = task;
  const isCopied = segments === undefined && length > 0;
  if (isCopied) {
    const data: number = takePiece(arena, length);
    if (data === (ARENA_FULL as number)) return false;
    task.data = data;
  }
  const index: number = takeFree(requests);
  const memory = isCopied ? [{ offset: task.data, length }] : (segments ?? []);
  if (index === NO_BUFFER || !beginBuffer(requests, index, 2 + memory.length)) {
    if (index !== NO_BUFFER) freeBuffer(requests, index);
    if (isCopied) giveBack(arena, task.data);
    return false;
  }
  task.tag = bus.nextTag++;
  const cdbAt: number = writeRequest(controller, index, operation.place.target, operation.place.lun, task.tag);
  dmaWriteBytes(cdbAt, task.cdb);
  if (isCopied && isWrite) copyIn(task);
  fillReadable(requests, index, REQUEST_SIZE);
  if (isWrite) fillAll(bus, memory, DEVICE_READS);
  fillWritable(requests, index, RESPONSE_SIZE);
  if (!isWrite) fillAll(bus, memory, DEVICE_WRITES);
  endBuffer(requests, index);
  underWay[index] = task;
  return true;
};

const fillAll = ({ controller }: Bus, memory: readonly DmaPiece[], direction: number): void => {
  for (const { offset, length } of memory) fill(controller.requests.queue, offset, length, direction);
};

const copyIn = ({ operation, parameters, data, start, length }: Task): void => {
  const { arrays } = operation;
  if (parameters !== undefined) dmaWriteBytes(data, parameters);
  else if (arrays.length === 1) dmaWriteBytes(data, partOf(arrays[0]!, start, length));
  else gatherBytes(arrays, start, length, data);
};

const copyOut = ({ operation, data, start }: Task, length: number): void => {
  const { arrays } = operation;
  if (length === 0) return;
  if (arrays.length === 1) dmaReadBytes(data, partOf(arrays[0]!, start, length));
  else scatterBytes(arrays, start, length, data);
};

/** Returns `length` bytes of `bytes` from `from` on. All of them are not taken apart. */
const partOf = (bytes: Uint8Array, from: number, length: number): Uint8Array =>
  length === bytes.length ? bytes : bytes.subarray(from, from + length);

/** Takes back what is done, looks after the device, and sends what waits. Returns whether anything was back. */
export const pollLine = (bus: Bus): boolean => {
  const { live, controller } = bus;
  const requests = controller.requests;
  if (live.state !== 'live') return false; // Another queue's trouble has ended the device.
  let index: number = takeReturned(requests);
  const hasTaken = index >= 0;
  while (index >= 0) {
    takeBack(bus, index);
    if (live.state !== 'live') return true;
    index = takeReturned(requests);
  }
  if (index === BUFFERS_BROKEN) lookAtBroken(live, requests.queue);
  else {
    lookAtLateTasks(bus, (task) => noteLate(bus, task));
    lookAtLate(live, lookAfter(requests), requests.queue);
  }
  sendAll(bus);
  return hasTaken;
};

const noteLate = (bus: Bus, { operation }: Task): void => {
  const message = `no answer in ${bus.live.deadlineMs} ms`;
  endOperation(bus, operation, failureOf({ kind: 'timeout', message }));
  if (operation.pieces === undefined) settle(operation);
};

/** Acts on the answer to one command. */
const takeBack = (bus: Bus, index: number): void => {
  const task = bus.underWay[index]!;
  const { operation } = task;
  const verdict = judge(bus, task, index);
  if (verdict.kind === 'done' && !task.isWrite && operation.error === undefined) {
    if (task.segments === undefined) copyOut(task, verdict.transferred);
    operation.transferred = verdict.transferred;
  }
  release(bus, task, index);
  switch (verdict.kind) {
    case 'done':
      endTask(bus, task);
      break;
    case 'attention':
      if (operation.unit !== undefined) bus.noteAttention(operation.unit, verdict.error.sense);
      task.attentionCount += 1;
      if (task.attentionCount > ATTENTION_COUNT_MAX || operation.error !== undefined) fail(bus, task, verdict.error);
      else bus.again.push(task);
      break;
    case 'busy':
      task.busyCount += 1;
      if (task.busyCount > BUSY_COUNT_MAX || operation.error !== undefined) fail(bus, task, verdict.error);
      else startTimeout(() => goAgain(bus, task), BUSY_MS);
      break;
    case 'failed':
      fail(bus, task, verdict.error);
      break;
    default:
      fail(bus, task, verdict.error);
      giveUpLive(bus.live, { kind: 'wrong-answer', message: verdict.error.message });
  }
};

const goAgain = (bus: Bus, task: Task): void => {
  if (task.operation.isDone) return; // The device has ended meanwhile.
  bus.again.push(task);
  wakeLive(bus.live);
};

/** Frees what a command had. */
const release = (bus: Bus, task: Task, index: number): void => {
  bus.underWay[index] = undefined;
  bus.isFull = false;
  freeBuffer(bus.controller.requests, index);
  if (task.segments === undefined && task.length > 0) giveBack(bus.controller.arena, task.data);
  if (task.rescue === 'none') return;
  task.rescue = 'none';
  bus.rescued = bus.rescued.filter((each) => each !== task);
};

const fail = (bus: Bus, task: Task, error: unknown): void => {
  task.operation.error ??= error;
  endTask(bus, task);
};

const endTask = (bus: Bus, { operation }: Task): void => {
  operation.taskCount -= 1;
  if (operation.taskCount === 0 && (operation.isCut || operation.error !== undefined)) finish(bus, operation);
};

/** Rejects what the device had when it was reset: part of a driver's `lost`. */
export const loseTasks = (bus: Bus, error: DeviceError): void => {
  const requests = bus.controller.requests;
  for (let index: number = takeLost(requests); index !== NO_BUFFER; index = takeLost(requests)) {
    const task = bus.underWay[index]!;
    release(bus, task, index);
    fail(bus, task, failureOf(error));
  }
  bus.isFull = false;
};

/** The same, and rejects what waits with `refusal`: part of a driver's `ended`. */
export const endTasks = (bus: Bus, error: DeviceError, refusal: DeviceError): void => {
  loseTasks(bus, error);
  bus.line = [];
  bus.again = [];
  bus.next = undefined;
  for (const operation of [...bus.operations]) {
    operation.taskCount = 0;
    endOperation(bus, operation, failureOf(refusal));
  }
};

/** Rejects what waits for a unit that is not there any more; what the device has of it comes back by itself, or is asked back. */
export const endUnit = (bus: Bus, unit: Unit, error: DeviceError): void => {
  for (const operation of operationsOf(unit)) endOperation(bus, operation, failureOf(error));
};

/** Is fulfilled when all is done that was asked of a unit until now, in whichever way. */
export const whenDone = async (unit: Unit): Promise<void> => {
  await Promise.allSettled(operationsOf(unit).map(({ promise }) => promise));
};

const operationsOf = (unit: Unit): Operation[] =>
  [...unit.bus.operations].filter((operation) => operation.unit === unit);

/** Returns whether something could be sent now. */
export const maySend = ({ line, again, next, isFull }: Bus): boolean =>
  !isFull && (line.length > 0 || again.length > 0 || next !== undefined);
