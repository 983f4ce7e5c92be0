// Commands that a unit keeps too long, or that nobody wants any more: they are asked back by task management. VIRTIO 1.2 §5.6.6.2, SAM-5 §7.
//
//   late, or aborted ──▶ ABORT TASK ── not back ──▶ LOGICAL UNIT RESET ── not back ──▶ the device is reset (live.ts)

import { log } from '../../kernel/base/log.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { NO_BUFFER, newerThan, oldestUnderWay } from '../virtio/buffers.ts';
import { call } from '../virtio/exchange.ts';
import { type Live, restartLive, wakeLive } from '../virtio/live.ts';
import { sentAt } from './controller.ts';
import {
  ABORT_TASK,
  LOGICAL_UNIT_RESET,
  RESPONSE_FUNCTION_SUCCEEDED,
  RESPONSE_OK,
  TASK_MANAGEMENT_SIZE,
} from './registers.ts';
import type { Bus, Place, Task } from './state.ts';
import { fillTaskManagement } from './task-management.ts';

/** How long a device has for each step, unless commands have less. */
const STEP_MS = 1000;

const NS_PER_MS = 1_000_000;

/** Returns how long a device has for each step, in milliseconds. */
export const stepMs = ({ deadlineMs }: Live): number => Math.min(deadlineMs, STEP_MS);

/** Returns how long it may keep a command until it is reset: its time for the command, and for two steps an answer and the command each. */
export const lastMs = (live: Live): number => live.deadlineMs + 4 * stepMs(live);

/** Asks for a command back. Does nothing when that was done before. */
export const rescue = (bus: Bus, task: Task): void => {
  if (task.rescue !== 'none') return;
  bus.rescued.push(task);
  ask(bus, task, 'abort');
};

const ask = (bus: Bus, task: Task, how: 'abort' | 'reset'): void => {
  const { place } = task.operation;
  task.rescue = how;
  task.rescueAt = Infinity; // Until that is answered, which has a deadline of its own.
  const subtype = how === 'abort' ? ABORT_TASK : LOGICAL_UNIT_RESET;
  void manage(bus, subtype, place, task.tag).then((isDone) => {
    if (task.rescue !== how) return; // The command is back.
    task.rescueAt = clockNow() + (isDone ? stepMs(bus.live) * NS_PER_MS : 0);
    wakeLive(bus.live);
  });
};

/** Is fulfilled with whether the device has done it. What is wrong with the device itself is seen to elsewhere. */
const manage = async (bus: Bus, subtype: number, place: Place, tag: number): Promise<boolean> => {
  const request = new Uint8Array(TASK_MANAGEMENT_SIZE);
  fillTaskManagement(request, subtype, place.target, place.lun, tag);
  const answer = new Uint8Array(1);
  try {
    const written = await call(bus.control, request, answer);
    return written === 1 && (answer[0] === RESPONSE_OK || answer[0] === RESPONSE_FUNCTION_SUCCEEDED);
  } catch (error) {
    if (!(error instanceof DeviceFailure)) throw error;
    return true;
  }
};

/** Calls `late` for each command that has become late, and goes on with those that are asked back. */
export const lookAtLateTasks = (bus: Bus, late: (task: Task) => void): void => {
  const { live, controller, underWay } = bus;
  const requests = controller.requests;
  const now = clockNow();
  const allowed = live.deadlineMs * NS_PER_MS;
  for (let index: number = oldestUnderWay(requests); index !== NO_BUFFER; index = newerThan(requests, index)) {
    if ((sentAt(controller, index) as number) + allowed > now) break;
    const task = underWay[index];
    if (task !== undefined && task.rescue === 'none') {
      late(task);
      rescue(bus, task);
    }
  }
  for (const task of bus.rescued) if (now >= task.rescueAt && !goOn(bus, task)) return;
};

/** Takes the next step for a command that is not back. False: the device was reset. */
const goOn = (bus: Bus, task: Task): boolean => {
  const { live } = bus;
  if (task.rescue === 'reset') {
    restartLive(live, { kind: 'timeout', message: `no answer in ${live.deadlineMs} ms, nor to a reset of the unit` });
    return false;
  }
  const { target, lun } = task.operation.place;
  log('warn', live.name, `unit ${target}:${lun} does not give a command back, it is reset`);
  ask(bus, task, 'reset');
  return true;
};

/** Returns when lookAtLateTasks is to be called at the latest, by clockNow; Infinity when never. */
export const nextRescue = ({ live, controller, underWay, rescued }: Bus): number => {
  const requests = controller.requests;
  let at = Infinity;
  for (const { rescueAt } of rescued) at = Math.min(rescueAt, at);
  for (let index: number = oldestUnderWay(requests); index !== NO_BUFFER; index = newerThan(requests, index)) {
    if (underWay[index]?.rescue !== 'none') continue;
    const expiresAt = (sentAt(controller, index) as number) + live.deadlineMs * NS_PER_MS;
    return Math.min(expiresAt, at);
  }
  return at;
};
