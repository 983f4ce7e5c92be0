'use machine';
// How a clock device comes up, and the alarms that it tells of. VIRTIO 1.4 §5.22.5, §5.22.6.4

import type { bool, DmaOffset, i32, u16, u32, u53 } from '../../kernel/base/machine.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { dmaRead16 } from '../../kernel/hal/dma.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import { interruptIsNoted } from '../../kernel/hal/interrupts.ts';
import {
  addBuffer,
  BUFFERS_BROKEN,
  Buffers,
  createBuffers,
  describeBuffers,
  freeBuffer,
  kickBuffers,
  NO_BUFFER,
  restoreBuffers,
  takeFree,
  takeLost,
  takeReturned,
  writablePart,
} from '../virtio/buffers.ts';
import { addFeature, Features, hasFeature } from '../virtio/features.ts';
import { begin } from '../virtio/initialize.ts';
import { addQueueFeatures } from '../virtio/queue/create.ts';
import { canPop } from '../virtio/queue/queue.ts';
import type { Transport } from '../virtio/transport/record.ts';
import {
  ALARM_QUEUE,
  FEATURE_ALARM,
  LONG_ANSWER_SIZE,
  NOTIFICATION_CLOCK,
  NOTIFICATION_SIZE,
  NOTIFICATION_TYPE,
  REQUEST_QUEUE,
  SET_ALARM_SIZE,
  TYPE_ALARM,
} from './registers.ts';

const REQUEST_COUNT: u32 = 16;

/** Alarms that the device may tell of before one is looked at. */
const ALARM_COUNT: u32 = 16;

// What `takeAlarm` returns in place of a clock.
export const ALARM_NONE: i32 = -1;
/** The device said what cannot be: `isQueueWrong` and `wrongLength` say what. */
export const ALARM_BROKEN: i32 = -2;

/** One device. */
export class RtcFlow {
  wanted = new Features();
  requests = new Buffers();
  alarms = new Buffers();
  hasAlarms: bool = false;
  /** Of the alarm queue: the fault is the queue's own, else a notification of `wrongLength` bytes. */
  isQueueWrong: bool = false;
  wrongLength: u32 = 0;
  /** Notifications that mean nothing to us. */
  ignoredCount: u32 = 0;
}

/** Steps 1 to 6 of initialize.ts. */
export const beginRtc = (transport: Transport, flow: RtcFlow): bool => {
  addFeature(flow.wanted, FEATURE_ALARM);
  addQueueFeatures(flow.wanted);
  if (!begin(transport, flow.wanted)) return false;
  flow.hasAlarms = hasFeature(transport.accepted, FEATURE_ALARM);
  return true;
};

/** Step 7. False: see the fault. */
export const setUpRtc = (transport: Transport, pool: DmaPool, flow: RtcFlow, deadlineMs: u32): bool => {
  describeBuffers(flow.requests, REQUEST_COUNT, SET_ALARM_SIZE, LONG_ANSWER_SIZE, 0, deadlineMs);
  if (!createBuffers(transport, pool, REQUEST_QUEUE, flow.requests)) return false;
  if (!flow.hasAlarms) return true;
  describeBuffers(flow.alarms, ALARM_COUNT, 0, NOTIFICATION_SIZE, 0, 0);
  if (!createBuffers(transport, pool, ALARM_QUEUE, flow.alarms)) return false;
  lendFree(flow.alarms);
  return true;
};

/** The same for a device that was live. Requests come back by takeLost of `requests`. */
export const setUpRtcAgain = (transport: Transport, flow: RtcFlow): bool => {
  if (!restoreBuffers(transport, flow.requests)) return false;
  if (!flow.hasAlarms) return true;
  if (!restoreBuffers(transport, flow.alarms)) return false;
  for (let index: i32 = takeLost(flow.alarms); index !== NO_BUFFER; index = takeLost(flow.alarms)) {
    freeBuffer(flow.alarms, index);
  }
  lendFree(flow.alarms);
  return true;
};

const lendFree = (buffers: Buffers): void => {
  for (let index: i32 = takeFree(buffers); index !== NO_BUFFER; index = takeFree(buffers)) lend(buffers, index);
};

/** A queue that is broken takes nothing: its device is given up at the next look. */
const lend = (buffers: Buffers, index: i32): void => {
  if (!addBuffer(buffers, index, 0, NOTIFICATION_SIZE)) freeBuffer(buffers, index);
};

/** Tells the device of its buffers, once it is live. */
export const startAlarms = (flow: RtcFlow): void => {
  if (flow.hasAlarms) kickBuffers(flow.alarms);
};

/** Returns the clock whose alarm the device tells of next; ALARM_NONE or ALARM_BROKEN. What else it tells is not looked at. */
export const takeAlarm = (flow: RtcFlow): i32 => {
  if (!flow.hasAlarms) return ALARM_NONE;
  const alarms: Buffers = flow.alarms;
  for (let seen: u32 = 0; seen < alarms.count; seen++) {
    const index: i32 = takeReturned(alarms);
    if (index === NO_BUFFER) break;
    flow.isQueueWrong = index === BUFFERS_BROKEN;
    flow.wrongLength = alarms.writtenLength;
    if (flow.isQueueWrong || flow.wrongLength !== NOTIFICATION_SIZE) return ALARM_BROKEN;
    const notification: DmaOffset = writablePart(alarms, index);
    const isAlarm: bool = dmaRead16(notification + NOTIFICATION_TYPE) === TYPE_ALARM;
    const clock: u16 = dmaRead16(notification + NOTIFICATION_CLOCK);
    lend(alarms, index);
    if (isAlarm) return clock;
    flow.ignoredCount = (flow.ignoredCount + 1) >>> 0;
  }
  return ALARM_NONE;
};

/** Waits until an answer or an alarm is there. Returns whether one is; false at `deadline`, and when an interrupt was noted. Looks once at least. */
export const spinRtc = (flow: RtcFlow, deadline: u53): bool => {
  for (;;) {
    if (canPop(flow.requests.queue) || (flow.hasAlarms && canPop(flow.alarms.queue))) return true;
    if (interruptIsNoted() || clockNow() >= deadline) return false; // No `pause`: under QEMU's emulator it takes the lock that the device needs to answer.
  }
};
