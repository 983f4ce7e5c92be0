'use machine';
// A device made of the local APIC's timer: it does one thing after so many ticks, and interrupts then if it was asked to. Intel SDM vol. 3, §10.5.4.
//
// It behaves as a device with interrupts suppressed does: what happens while the timer is masked is never interrupted for.

import type { bool, MmioOffset, u8, u32, u53 } from '../../../kernel/base/machine.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { interruptIsNoted } from '../../../kernel/hal/interrupts.ts';
import { mmioRead32, mmioWrite32 } from '../../../kernel/hal/mmio.ts';

const INTERRUPT_COMMAND: u32 = 0x300;
const COMMAND_TO_SELF: u32 = 0x40000;
const VECTOR_TIMER: u32 = 0x320;
const VECTOR_MASKED: u32 = 0x10000;
const TIMER_INITIAL_COUNT: u32 = 0x380;
const TIMER_CURRENT_COUNT: u32 = 0x390;

/** Starts what takes `count` ticks, without an interrupt at its end. */
export const startTicks = (apic: MmioOffset, vector: u8, count: u32): void => {
  maskTicks(apic, vector);
  mmioWrite32((apic + TIMER_INITIAL_COUNT) as MmioOffset, count);
};

/** Lets the end interrupt. */
export const unmaskTicks = (apic: MmioOffset, vector: u8): void => {
  mmioWrite32((apic + VECTOR_TIMER) as MmioOffset, vector);
};

/** Keeps the end from interrupting. */
export const maskTicks = (apic: MmioOffset, vector: u8): void => {
  mmioWrite32((apic + VECTOR_TIMER) as MmioOffset, VECTOR_MASKED + vector);
};

/** Returns whether the ticks are over. */
export const areTicksOver = (apic: MmioOffset): bool => mmioRead32((apic + TIMER_CURRENT_COUNT) as MmioOffset) === 0;

/** Spins as an event source does. */
export const spinTicks = (apic: MmioOffset, deadline: u53): bool => {
  while (!areTicksOver(apic)) if (interruptIsNoted() || clockNow() >= deadline) return false;
  return true;
};

/** Makes the local APIC interrupt this processor at `vector`. */
export const sendVector = (apic: MmioOffset, vector: u8): void => {
  mmioWrite32((apic + INTERRUPT_COMMAND) as MmioOffset, COMMAND_TO_SELF + vector);
};
