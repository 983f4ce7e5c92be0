'use machine';
// A SCSI host as a virtio device: its queues, and what goes through them. VIRTIO 1.2 §5.6. Hot for each command.
//
//   requests   ┌ LUN, tag, CDB 51 ┐ ┌ data out … ┐  ┌ response, sense 108 ┐ ┌ data in … ┐      one chain a command
//   control    ┌ task management 24 ┐ ┌ response 1 ┐
//   events     ┌ event 16 or more ┐
//
// What the configuration says is believed in nothing: each limit is held between what we can use and what makes a device of use.

import type { bool, DmaOffset, i32, u8, u32, u53 } from '../../kernel/base/machine.ts';
import { isSpinEnded } from '../../kernel/event/waiting.ts';
import { dmaFill, dmaRead8, dmaRead32, dmaWrite8, dmaWrite32, dmaWrite64 } from '../../kernel/hal/dma.ts';
import { DMA_ALLOCATE_FAILED, type DmaPool, dmaFreeBytes } from '../../kernel/hal/dma-pool.ts';
import { ARENA_PAGE_COUNT_MAX, ARENA_PAGE_SIZE, Arena, prepareArena } from '../virtio/arena.ts';
import {
  addBuffer,
  armBuffers,
  Buffers,
  createBuffers,
  describeBuffers,
  freeBuffer,
  kickBuffers,
  NO_BUFFER,
  readablePart,
  restoreBuffers,
  takeFree,
  takeLost,
  wakeBuffers,
  writablePart,
} from '../virtio/buffers.ts';
import {
  CONFIG_READ_COUNT_MAX,
  configGeneration,
  failUnstable,
  readConfig16,
  readConfig32,
  requireConfig,
  writeConfig32,
} from '../virtio/config.ts';
import { addFeature, Features } from '../virtio/features.ts';
import { begin } from '../virtio/initialize.ts';
import { takeMemory } from '../virtio/memory.ts';
import { addQueueFeatures } from '../virtio/queue/create.ts';
import { canPop } from '../virtio/queue/queue.ts';
import { FAULT_OF_DRIVER, setFault } from '../virtio/transport/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import {
  CDB_SIZE,
  CONFIG_CDB_SIZE,
  CONFIG_COMMANDS_PER_LUN,
  CONFIG_EVENT_INFO_SIZE,
  CONFIG_LENGTH,
  CONFIG_LUN_MAX,
  CONFIG_SECTORS_MAX,
  CONFIG_SEGMENT_MAX,
  CONFIG_SENSE_SIZE,
  CONFIG_TARGET_MAX,
  CONTROL_QUEUE,
  EVENT_CODE,
  EVENT_LUN,
  EVENT_QUEUE,
  EVENT_REASON,
  EVENT_SIZE,
  FEATURE_CHANGE,
  FEATURE_HOTPLUG,
  LUN_FLAT,
  LUN_LIMIT,
  REQUEST_ATTRIBUTE,
  REQUEST_CDB,
  REQUEST_QUEUE,
  REQUEST_SIZE,
  REQUEST_TAG,
  RESPONSE_CODE,
  RESPONSE_RESIDUAL,
  RESPONSE_SENSE,
  RESPONSE_SENSE_LENGTH,
  RESPONSE_SIZE,
  RESPONSE_STATUS,
  RESPONSE_UNWRITTEN,
  SENSE_SIZE,
  TARGET_LIMIT,
  TASK_MANAGEMENT_SIZE,
} from './registers.ts';

/** sense_size or cdb_size, by `index`, reads `found` after `expected` was written. */
export const FAULT_SIZE: u8 = FAULT_OF_DRIVER;

/** Commands with the device at a time. */
const COMMAND_COUNT_MAX: u32 = 64;

/** Pieces of memory that one command's data is in at most. */
const SEGMENT_COUNT_MAX: u32 = 16;

const EVENT_COUNT: u32 = 16;

/** A device that wants more room for an event gets this much: no event is as long. */
const EVENT_LENGTH_MAX: u32 = 512;

/** Requests for task management at a time. */
const CONTROL_COUNT: u32 = 16;

/** Of the memory that is free, the part that the bus takes at most for bytes that are copied; and what it has at least: the longest command's, twice. */
const ARENA_DIVISOR: u32 = 4;
const ARENA_LENGTH_MIN: u32 = 262144;
const ARENA_ALIGNMENT: u32 = 4096;

const BYTES_PER_SECTOR: u32 = 512;

/** Bytes that one command moves at most. */
const TRANSFER_LENGTH_MAX: u32 = 4194304;

/** One SCSI host. */
export class Controller {
  wanted = new Features();
  control = new Buffers();
  events = new Buffers();
  requests = new Buffers();
  arena = new Arena();

  // What the configuration says, held to what can be.
  segmentCountMax: u32 = 0;
  transferLengthMax: u32 = 0;
  commandCountMax: u32 = 0;
  eventLength: u32 = 0;
  targetMax: u32 = 0;
  lunMax: u32 = 0;

  // The response and the event that were read last.
  senseLength: u32 = 0;
  residual: u32 = 0;
  status: u8 = 0;
  response: u8 = 0;
  eventCode: u32 = 0;
  eventReason: u32 = 0;
  eventTarget: u32 = 0;
  eventLun: u32 = 0;
}

/** Steps 1 to 6 of initialize.ts. False after a failure: the device was given up. */
export const beginController = (transport: Transport, controller: Controller): bool => {
  addFeature(controller.wanted, FEATURE_HOTPLUG);
  addFeature(controller.wanted, FEATURE_CHANGE);
  addQueueFeatures(controller.wanted);
  return begin(transport, controller.wanted);
};

/**
 * Step 7. `deadlineMs`: how long the device may keep a command before it is reset; `controlMs`: the same for task management. False: the transport's fault says why.
 */
export const setUpController = (
  transport: Transport,
  pool: DmaPool,
  controller: Controller,
  deadlineMs: u32,
  controlMs: u32,
): bool => {
  if (!readFacts(transport, controller) || !chooseSizes(transport)) return false;
  const control: Buffers = controller.control;
  const events: Buffers = controller.events;
  const requests: Buffers = controller.requests;
  const segmentCountMax: u32 = controller.segmentCountMax;
  describeBuffers(control, CONTROL_COUNT, TASK_MANAGEMENT_SIZE, 1, 0, controlMs);
  describeBuffers(events, EVENT_COUNT, 0, controller.eventLength, 0, 0);
  describeBuffers(requests, controller.commandCountMax, REQUEST_SIZE, RESPONSE_SIZE, segmentCountMax, deadlineMs);
  requests.queue.tableLengthWanted = segmentCountMax + 2;
  requests.queue.ignoresLengths = true; // QEMU counts what it has read of a write as well.
  return (
    createBuffers(transport, pool, CONTROL_QUEUE, control) &&
    createBuffers(transport, pool, EVENT_QUEUE, events) &&
    createBuffers(transport, pool, REQUEST_QUEUE, requests) &&
    takeArena(transport, pool, controller)
  );
};

/** Step 7 after a reset: the lengths are the usual ones then, and the limits stay as they were read first. False: the transport's fault says why. */
export const setUpControllerAgain = (transport: Transport, controller: Controller): bool =>
  requireConfig(transport, CONFIG_LENGTH) &&
  chooseSizes(transport) &&
  restoreBuffers(transport, controller.control) &&
  restoreBuffers(transport, controller.events) &&
  restoreBuffers(transport, controller.requests);

const readFacts = (transport: Transport, controller: Controller): bool => {
  if (!requireConfig(transport, CONFIG_LENGTH)) return false;
  for (let attempt: u32 = 0; attempt < CONFIG_READ_COUNT_MAX; attempt++) {
    const generation: u32 = configGeneration(transport);
    const sectorsMax: u32 = readConfig32(transport, CONFIG_SECTORS_MAX);
    const transferMax: u53 = Math.max(sectorsMax, 1) * BYTES_PER_SECTOR;
    controller.transferLengthMax = Math.min(transferMax, TRANSFER_LENGTH_MAX) as u32;
    controller.segmentCountMax = within(readConfig32(transport, CONFIG_SEGMENT_MAX), 1, SEGMENT_COUNT_MAX);
    controller.commandCountMax = within(readConfig32(transport, CONFIG_COMMANDS_PER_LUN), 1, COMMAND_COUNT_MAX);
    controller.eventLength = within(readConfig32(transport, CONFIG_EVENT_INFO_SIZE), EVENT_SIZE, EVENT_LENGTH_MAX);
    controller.targetMax = within(readConfig16(transport, CONFIG_TARGET_MAX), 0, TARGET_LIMIT);
    controller.lunMax = within(readConfig32(transport, CONFIG_LUN_MAX), 0, LUN_LIMIT);
    if (configGeneration(transport) === generation) return true;
  }
  return failUnstable(transport);
};

const within = (value: u32, least: u32, most: u32): u32 => Math.min(Math.max(value, least), most);

/** Has the device use our lengths. One that does is not written to: a host in the kernel takes no others. §5.6.4 */
const chooseSizes = (transport: Transport): bool =>
  chooseSize(transport, CONFIG_SENSE_SIZE, SENSE_SIZE) && chooseSize(transport, CONFIG_CDB_SIZE, CDB_SIZE);

const chooseSize = (transport: Transport, offset: u32, size: u32): bool => {
  if (readConfig32(transport, offset) === size) return true;
  writeConfig32(transport, offset, size);
  const found: u32 = readConfig32(transport, offset);
  return found === size || setFault(transport.fault, FAULT_SIZE, offset === CONFIG_CDB_SIZE ? 1 : 0, found, size);
};

/** Takes memory for bytes that are copied. */
const takeArena = (transport: Transport, pool: DmaPool, controller: Controller): bool => {
  const limit: u32 = Math.max(Math.floor(dmaFreeBytes(pool) / ARENA_DIVISOR), ARENA_LENGTH_MIN);
  let pageCount: u32 = ARENA_PAGE_COUNT_MAX;
  while (pageCount * ARENA_PAGE_SIZE > limit) pageCount = Math.floor(pageCount / 2);
  const memory: DmaOffset = takeMemory(transport, pool, pageCount * ARENA_PAGE_SIZE, ARENA_ALIGNMENT);
  if (memory === DMA_ALLOCATE_FAILED) return false;
  prepareArena(controller.arena, memory, pageCount);
  return true;
};

/** Writes the head of a command into buffer `index`, and zeroes its CDB. Returns where that is. §5.6.6.1 */
export const writeRequest = (controller: Controller, index: i32, target: u32, lun: u32, tag: u53): DmaOffset => {
  const at: DmaOffset = readablePart(controller.requests, index);
  dmaWrite8(at, 1);
  dmaWrite8(at + 1, target as u8);
  dmaWrite8(at + 2, (LUN_FLAT | (lun >>> 8)) as u8);
  dmaWrite8(at + 3, lun & 0xff);
  dmaWrite32(at + 4, 0);
  dmaWrite64(at + REQUEST_TAG, tag);
  dmaFill(at + REQUEST_ATTRIBUTE, REQUEST_SIZE - REQUEST_ATTRIBUTE, 0);
  dmaWrite8(writablePart(controller.requests, index) + RESPONSE_CODE, RESPONSE_UNWRITTEN);
  return at + REQUEST_CDB;
};

/** Reads the response in buffer `index`, into the controller. False: there is none. */
export const readResponse = (controller: Controller, index: i32): bool => {
  if (controller.requests.writtenLength < RESPONSE_SENSE) return false;
  const at: DmaOffset = writablePart(controller.requests, index);
  controller.response = dmaRead8(at + RESPONSE_CODE);
  controller.status = dmaRead8(at + RESPONSE_STATUS);
  controller.residual = dmaRead32(at + RESPONSE_RESIDUAL);
  // Not more than it has written, nor than there is room for.
  const room: u32 = Math.min(controller.requests.writtenLength, RESPONSE_SIZE) - RESPONSE_SENSE;
  controller.senseLength = Math.min(dmaRead32(at + RESPONSE_SENSE_LENGTH), room);
  return controller.response !== RESPONSE_UNWRITTEN;
};

/** Returns where the sense data in buffer `index` begins. */
export const sensePart = (controller: Controller, index: i32): DmaOffset =>
  writablePart(controller.requests, index) + RESPONSE_SENSE;

/** Gives the device all buffers for events that it does not have. False: the queue is broken. */
export const giveEvents = (controller: Controller): bool => {
  const events: Buffers = controller.events;
  for (let index: i32 = takeFree(events); index !== NO_BUFFER; index = takeFree(events)) {
    if (!addBuffer(events, index, 0, controller.eventLength)) {
      freeBuffer(events, index);
      return false;
    }
  }
  kickBuffers(events);
  return true;
};

/** Takes back the buffers for events of a device that was reset. */
export const loseEvents = (controller: Controller): void => {
  const events: Buffers = controller.events;
  for (let index: i32 = takeLost(events); index !== NO_BUFFER; index = takeLost(events)) freeBuffer(events, index);
};

/** Reads the event in buffer `index`, into the controller, and frees that. False: it is too short to be one. §5.6.6.3 */
export const readEvent = (controller: Controller, index: i32): bool => {
  const events: Buffers = controller.events;
  const at: DmaOffset = writablePart(events, index);
  freeBuffer(events, index);
  if (events.writtenLength < EVENT_SIZE) return false;
  controller.eventCode = dmaRead32(at + EVENT_CODE);
  controller.eventReason = dmaRead32(at + EVENT_REASON);
  controller.eventTarget = dmaRead8(at + EVENT_LUN + 1);
  controller.eventLun = ((dmaRead8(at + EVENT_LUN + 2) & 0x3f) << 8) | dmaRead8(at + EVENT_LUN + 3);
  return true;
};

/** Asks for no interrupts: the queues are polled from now on. */
export const wakeController = (controller: Controller): void => {
  wakeBuffers(controller.control);
  wakeBuffers(controller.events);
  wakeBuffers(controller.requests);
};

/** Asks for an interrupt at the next command or event that comes back; that of task management is armed before. False: one is back, and all interrupts are off again. */
export const armController = (controller: Controller): bool => {
  if (armBuffers(controller.requests) && armBuffers(controller.events)) return true;
  wakeController(controller);
  return false;
};

/** Waits until something is back, as EventSource has it. */
export const spinController = (controller: Controller, deadline: u53): bool => {
  for (;;) {
    if (canPop(controller.requests.queue) || canPop(controller.control.queue) || canPop(controller.events.queue)) {
      return true;
    }
    if (isSpinEnded(deadline)) return false;
  }
};

/** Returns when the oldest command was sent, by clockNow. There is one: `index`. */
export const sentAt = (controller: Controller, index: i32): u53 => controller.requests.slots[index].sentAt;
