'use machine';
// Interrupts of the processor, and the halt that one of them ends. Intel SDM vol. 3, §6 and §10; ACPI 6.5 §5.2.12, §6.2.13.
//
// An interrupt runs no TypeScript: its entry notes the vector, acknowledges it and returns. The program takes the noted vectors with
// `interruptNext` when it is ready for them, in the order in which they came.
//
// The controllers start, and interrupts are let in, at the first `interruptAllocate` or `idleUntil`. A program that calls neither never
// has an interrupt.

import type { bool, u8, u32, u53 } from '../base/machine.ts';

/** No vector: nothing is noted, or none can be had. */
export const VECTOR_NONE: u8 = 0;
/** The first and the last vector that `interruptAllocate` may return. */
export const VECTOR_FIRST: u8 = 0x20;
export const VECTOR_LAST: u8 = 0xef;

/** A pin without an interrupt line. */
export const NO_INTERRUPT: u32 = 0xffffffff;

/** A deadline that is never reached. */
export const NO_DEADLINE: u53 = 9007199254740991;

/** Returns a vector that nobody has, for ever the caller's; VECTOR_NONE where the processor has no local APIC, or when none is left. */
export declare const interruptAllocate: () => u8;

/**
 * Returns the address to which a function writes a vector, as the data of the message, to send it to this processor (SDM §10.11); 0 where the
 * processor has no local APIC.
 */
export declare const interruptMessageAddress: () => u32;

/**
 * Routes an interrupt line to `vector` and opens it. A level line is masked each time it comes, until `interruptRearm`. A line has one vector, and
 * devices that share it share that: to route it again moves it. Returns false, with nothing changed, where no I/O APIC has the line `gsi`, or
 * when `vector` is nobody's or already has another level line.
 */
export declare const interruptRoute: (gsi: u32, vector: u8, isLevel: bool, isActiveLow: bool) => bool;

/** Opens the level line of `vector` again, when its devices have taken their requests back. Does nothing for other vectors. */
export declare const interruptRearm: (vector: u8) => void;

/** Takes the vector that was noted first and returns it; VECTOR_NONE when none is noted. A vector that came often is noted once. */
export declare const interruptNext: () => u8;

/** Returns whether `interruptNext` would return one. Cheap enough for a loop that waits. */
export declare const interruptIsNoted: () => bool;

/** Returns how often `vector` has come since boot. */
export declare const interruptCount: (vector: u8) => u53;

/** Returns the time of `clockNow` at which the last interrupt came, whichever it was; for measurements. */
export declare const interruptLastTime: () => u53;

/** Returns how many interrupts came at a vector that nobody has. `interruptCount` tells at which. */
export declare const interruptUnexpectedCount: () => u53;

/** Returns how many interrupts were taken back before they were delivered: the local APIC's spurious vector, or the 8259's. */
export declare const interruptSpuriousCount: () => u53;

/**
 * Halts until something is noted or `clockNow()` reaches `deadline`; returns at once when either is so already. What is noted between the
 * caller's last look and the halt ends the halt. Where the processor has no local APIC it waits for the deadline awake, and a wait without one
 * stops the machine with EXIT_PANIC.
 */
export declare const idleUntil: (deadline: u53) => void;

/**
 * Orders memory like `fence`, and also where an emulator leaves that out, as QEMU's TCG does with one processor: what is loaded afterwards was
 * written after every device had the chance to see what was stored before. Costs an access to a device's register there.
 */
export declare const fenceDevices: () => void;

/**
 * Returns the interrupt line of a pin (1 to 4 for INTA# to INTD#) of `device` (0 to 31) on the root bus, as the DSDT's _PRT routes it, or the
 * chipset where there is no ACPI; NO_INTERRUPT when nothing tells.
 */
export declare const acpiInterruptOfPin: (device: u8, pin: u8) => u32;

/** Returns whether the line of such a pin is active when it is low. It is always a level line. */
export declare const acpiPinIsActiveLow: (device: u8, pin: u8) => bool;
