// The processor of the simulated machine: a maker's name, and the generator that a test gives it.

import { theMachine } from '../machine.ts';

export * from '../../../kernel/hal/cpu.ts';

const VENDOR = [0, 0x756e6547, 0x6c65746e, 0x49656e69]; // GenuineIntel: EBX, EDX, ECX.

export const cpuid = (leaf: number, _subleaf: number, register: number): number => (leaf === 0 ? VENDOR[register]! : 0);

export const pause = (): void => {};

export const rdrand = (): number => theMachine().rdrand();

export const rdseed = (): number => theMachine().rdseed();
