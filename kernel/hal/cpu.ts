'use machine';
// The processor.

import type { u8, u32 } from '../base/machine.ts';

/** Which register of the answer `cpuid` returns. */
export const CPUID_EAX: u8 = 0;
export const CPUID_EBX: u8 = 1;
export const CPUID_ECX: u8 = 2;
export const CPUID_EDX: u8 = 3;

/** Returns one register of the CPUID instruction's answer. */
export declare const cpuid: (leaf: u32, subleaf: u32, register: u8) => u32;

/** Tells the processor that this is a spin loop. Returns at once. */
export declare const pause: () => void;
