'use machine';
// The parts of interrupts.ts that must be quick, or must be machine code.

import {
  type bool,
  type FixedArray,
  type f64,
  fixedArray,
  type MmioOffset,
  type u8,
  type u32,
  type u53,
} from '../../../kernel/base/machine.ts';
import { idleUntil, interruptIsNoted, interruptNext, NO_DEADLINE } from '../../../kernel/hal/interrupts.ts';
import { mmioWrite32 } from '../../../kernel/hal/mmio.ts';

// Registers of the local APIC. Intel SDM vol. 3, table 10-1.
const INTERRUPT_COMMAND: u32 = 0x300;
const COMMAND_TO_SELF: u32 = 0x40000;
const VECTOR_TIMER: u32 = 0x320;
const TIMER_INITIAL_COUNT: u32 = 0x380;

/** Some state for `mix`. */
export class Cells {
  values: FixedArray<u32, 16> = fixedArray(16, 0);
}

/** Returns a number that depends on `count` steps over the cells. */
export const mix = (cells: Cells, seed: u32, count: u32): u32 => {
  let state: u32 = (seed + 1) >>> 0;
  for (let i: u32 = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    cells.values[i & 15] = (cells.values[i & 15] ^ state) >>> 0;
  }
  return state;
};

/** Returns a number that a function without calls computes with locals in memory below its stack pointer. */
export const leaf = (a: u32, b: u32, float: f64): f64 => {
  let sum: f64 = float;
  for (let i: u32 = 0; i < 300; i++) {
    const left: f64 = ((a + i) & 0xff) * 1.5;
    const right: f64 = ((b ^ i) & 0xff) * 0.25;
    sum = sum + left * right - sum / 3;
  }
  return sum;
};

/** Makes the local APIC interrupt this processor at `vector`. */
export const sendToSelf = (apic: MmioOffset, vector: u8): void => {
  mmioWrite32((apic + INTERRUPT_COMMAND) as MmioOffset, COMMAND_TO_SELF + vector);
};

/** Lets the local APIC's timer, in the mode of `mode`, interrupt at `vector` after `count` ticks. 0 stops it. */
export const startTimer = (apic: MmioOffset, vector: u8, mode: u32, count: u32): void => {
  mmioWrite32((apic + VECTOR_TIMER) as MmioOffset, mode + vector);
  mmioWrite32((apic + TIMER_INITIAL_COUNT) as MmioOffset, count);
};

/**
 * Lets the timer interrupt at every distance from `first` to `last` ticks from here, and halts without a deadline each time. Returns how often
 * the halt ended without the interrupt: a halt that misses it never ends.
 */
export const sweep = (apic: MmioOffset, vector: u8, first: u32, last: u32): u32 => {
  let failures: u32 = 0;
  for (let count: u32 = first; count <= last; count++) {
    mmioWrite32((apic + TIMER_INITIAL_COUNT) as MmioOffset, count);
    idleUntil(NO_DEADLINE);
    if (interruptNext() !== vector || interruptIsNoted()) failures++;
  }
  return failures;
};

/** Sends `count` interrupts to this processor, and waits for each. Returns how many did not come, or came twice. */
export const sendAndIdle = (apic: MmioOffset, vector: u8, count: u32): u32 => {
  let failures: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    sendToSelf(apic, vector);
    idleUntil(NO_DEADLINE);
    if (interruptNext() !== vector || interruptIsNoted()) failures++;
  }
  return failures;
};

/** Waits without a halt until something is noted, for as long as `limit` looks. Returns whether it was. */
export const spin = (limit: u53): bool => {
  let looks: u53 = 0;
  while (!interruptIsNoted() && looks < limit) looks++;
  return interruptIsNoted();
};
