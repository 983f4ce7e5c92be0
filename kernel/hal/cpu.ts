'use machine';
// The processor.

import type { u8, u32, u53 } from '../base/machine.ts';

/** Which register of the answer `cpuid` returns. */
export const CPUID_EAX: u8 = 0;
export const CPUID_EBX: u8 = 1;
export const CPUID_ECX: u8 = 2;
export const CPUID_EDX: u8 = 3;

/** Returns one register of the CPUID instruction's answer. */
export declare const cpuid: (leaf: u32, subleaf: u32, register: u8) => u32;

/** Tells the processor that this is a spin loop. Returns at once. */
export declare const pause: () => void;

/** What `rdrand` and `rdseed` return where the processor has no such instruction, or nothing ready: a moment later it may. */
export const NO_RANDOM: u53 = 0x100000000;

/** Returns 32 bits of the processor's generator, or NO_RANDOM. Intel SDM vol. 1, §7.3.17 */
export declare const rdrand: () => u53;

/** Returns 32 bits of what that generator is seeded from, or NO_RANDOM. */
export declare const rdseed: () => u53;
