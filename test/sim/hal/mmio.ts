// The MMIO window of the simulated machine.

import { theMachine } from '../machine.ts';

export * from '../../../kernel/hal/mmio.ts';

export const mmioMap = (address: number, length: number): number => theMachine().map(address, length);

export const mmioRead8 = (offset: number): number => theMachine().mmioRead(offset, 1);

export const mmioRead16 = (offset: number): number => theMachine().mmioRead(offset, 2);

export const mmioRead32 = (offset: number): number => theMachine().mmioRead(offset, 4);

export const mmioWrite8 = (offset: number, value: number): void => theMachine().mmioWrite(offset, 1, value);

export const mmioWrite16 = (offset: number, value: number): void => theMachine().mmioWrite(offset, 2, value);

export const mmioWrite32 = (offset: number, value: number): void => theMachine().mmioWrite(offset, 4, value);
