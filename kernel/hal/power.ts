'use machine';
// How the machine stops, at once: what drivers still hold unwritten is lost. A status is a number from 0 to 63 that QEMU's isa-debug-exit hands to the
// runner; the runner leaves with it.
//
//   0         success
//   1         the program failed
//   2 .. 31   the program's own
//   32 .. 41  the kernel stopped the machine; the name says why

import type { u8 } from '../base/machine.ts';

export const EXIT_SUCCESS: u8 = 0;
export const EXIT_FAILED: u8 = 1;
/** The first and the last status that a program may give a meaning of its own. */
export const EXIT_PROGRAM_FIRST: u8 = 2;
export const EXIT_PROGRAM_LAST: u8 = 31;
/** A JavaScript exception that nothing caught. */
export const EXIT_UNCAUGHT_EXCEPTION: u8 = 32;
/** `assert` (kernel/base/assert.ts) with a condition that does not hold. */
export const EXIT_ASSERTION_FAILED: u8 = 33;
/** A machine module left the range of a type or of an array. */
export const EXIT_CHECKED_ARITHMETIC: u8 = 34;
export const EXIT_OUT_OF_MEMORY: u8 = 35;
export const EXIT_STACK_OVERFLOW: u8 = 36;
/** A fault of the processor; the message gives vector, registers and what the address means. */
export const EXIT_CPU_EXCEPTION: u8 = 37;
/** An access outside the DMA window, the MMIO window or the configuration space. */
export const EXIT_WINDOW_BOUNDS: u8 = 38;
/** `panic`. */
export const EXIT_PANIC: u8 = 39;
/** No memory map, no long mode, or another thing that the kernel cannot do without. */
export const EXIT_MACHINE_NOT_USABLE: u8 = 40;
/** The main module awaits at its top level what nothing can settle any more. Node leaves with 13 there. */
export const EXIT_UNSETTLED_AWAIT: u8 = 41;

/** Leaves QEMU with `status` (0 to 63). Where nothing answers the exit port, says so on the console and halts. */
export declare const exit: (status: u8) => never;

/**
 * Switches the machine off: ACPI's soft-off state, else isa-debug-exit with status 0. Where a second after each the machine is still on, says so on the
 * console and halts. ACPI 6.5 §7.4.2.
 */
export declare const poweroffNow: () => never;

/** Resets the machine: the FADT's reset register, else port 0xcf9, the keyboard controller, a triple fault; each has a second. ACPI 6.5 §4.8.3.6. */
export declare const rebootNow: () => never;

/** Prints `message` and a backtrace, and leaves with EXIT_PANIC. For what must not happen and has no caller to tell. Control plane only. */
export declare const panic: (message: string) => never;

/** Prints `text` as a failed assertion and leaves with EXIT_ASSERTION_FAILED. For lowered code: programs call `assert`. Control plane only. */
export declare const assertionFailedText: (text: string) => never;
