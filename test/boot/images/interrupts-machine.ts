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

/**
 * Returns a number that depends on every local. They are more than there are registers, and a function that calls nothing keeps the rest below
 * its stack pointer.
 */
export const leaf = (a: u32, b: u32, float: f64): f64 => {
  let s0: f64 = float + 0;
  let s1: f64 = float + 1;
  let s2: f64 = float + 2;
  let s3: f64 = float + 3;
  let s4: f64 = float + 4;
  let s5: f64 = float + 5;
  let s6: f64 = float + 6;
  let s7: f64 = float + 7;
  let s8: f64 = float + 8;
  let s9: f64 = float + 9;
  let s10: f64 = float + 10;
  let s11: f64 = float + 11;
  let s12: f64 = float + 12;
  let s13: f64 = float + 13;
  let s14: f64 = float + 14;
  let s15: f64 = float + 15;
  let s16: f64 = float + 16;
  let s17: f64 = float + 17;
  let s18: f64 = float + 18;
  let s19: f64 = float + 19;
  for (let i: u32 = 0; i < 40; i++) {
    s0 = s0 + ((a + i) & 0xff) * 1.5;
    s0 = s0 * 0.5 + s3;
    s1 = s1 * 0.5 + s10;
    s2 = s2 * 0.5 + s17;
    s3 = s3 * 0.5 + s4;
    s4 = s4 * 0.5 + s11;
    s5 = s5 * 0.5 + s18;
    s6 = s6 * 0.5 + s5;
    s7 = s7 * 0.5 + s12;
    s8 = s8 * 0.5 + s19;
    s9 = s9 * 0.5 + s6;
    s10 = s10 * 0.5 + s13;
    s11 = s11 * 0.5 + s0;
    s12 = s12 * 0.5 + s7;
    s13 = s13 * 0.5 + s14;
    s14 = s14 * 0.5 + s1;
    s15 = s15 * 0.5 + s8;
    s16 = s16 * 0.5 + s15;
    s17 = s17 * 0.5 + s2;
    s18 = s18 * 0.5 + s9;
    s19 = s19 * 0.5 + s16;
    s19 = s19 * 0.01 + ((b ^ i) & 0xff) * 0.25;
  }
  return (
    (s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11 + s12 + s13 + s14 + s15 + s16 + s17 + s18 + s19) % 1000
  );
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
