'use machine';
// Events of a trace. `make trace` builds a program with them; in every other build a call of `trace` is nothing, and its arguments are not looked at.
//
// An event is a kind, three numbers and the time-stamp counter, in a ring that the host reads out of the guest's memory (scripts/trace/ring.ts).

import type { u32, u53 } from '../base/machine.ts';

// The kinds, and what a, b and c are. Those up to TRACE_WAKE are noted by boot/, those of tasks and collections by what scripts/patch/events.ts puts in.
/** A step of the boot has ended: bytes of its name, where they are. */
export const TRACE_STAGE: u32 = 1;
/** An interrupt was noted: its vector, the counter at its entry. */
export const TRACE_INTERRUPT: u32 = 2;
/** The processor halts. */
export const TRACE_HALT: u32 = 3;
/** It goes on. */
export const TRACE_WAKE: u32 = 4;
/** A callback begins: TASK_…, the number of the function, where it goes on: up to two return addresses of 32 bits. */
export const TRACE_TASK: u32 = 5;
/** It has returned. */
export const TRACE_TASK_END: u32 = 6;
/** A collection begins: 1 of the young, 0 of all. */
export const TRACE_COLLECT: u32 = 7;
/** It has ended: 0, bytes that are alive, as far as they were counted. */
export const TRACE_COLLECT_END: u32 = 8;
/** A queue is handed to its device: its memory; the device's PCI address * 2^16 + the queue's number; where the device's registers are, 0 on PCI. */
export const TRACE_QUEUE: u32 = 9;
/** Chains become visible to the device: memory of the queue, number of the first, count. */
export const TRACE_PUBLISHED: u32 = 10;
/** The device has returned a chain: memory of the queue, its number, bytes written. */
export const TRACE_COMPLETED: u32 = 11;
/** A chain was taken back from a device that was reset: memory of the queue, its number. */
export const TRACE_DETACHED: u32 = 12;
/** A device's status is written: type of the device * 2^8 + status; its PCI address; where its registers are, 0 on PCI. */
export const TRACE_STATUS: u32 = 13;
/** The search for PCI functions begins, or has ended: functions found. */
export const TRACE_PCI: u32 = 14;
export const TRACE_PCI_END: u32 = 15;

/** From here on, a program's own: shown by their number, with a, b and c. */
export const TRACE_OWN: u32 = 1000;

// The kinds of tasks.
export const TASK_TIMER: u32 = 1;
export const TASK_IMMEDIATE: u32 = 2;
/** An async function goes on. */
export const TASK_ASYNC: u32 = 3;
/** What was given to then(), and other jobs. */
export const TASK_JOB: u32 = 4;
/** A listener of an interrupt. */
export const TASK_INTERRUPT: u32 = 5;

/** Notes an event of a kind (TRACE_…). */
export declare const trace: (kind: u32, a: u32, b: u53, c: u53) => void;
