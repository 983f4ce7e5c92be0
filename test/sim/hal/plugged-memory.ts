// The memory that is plugged into the simulated machine.

import { theMachine } from '../machine.ts';

export * from '../../../kernel/hal/plugged-memory.ts';

export const pluggedOpen = (address: number, length: number): boolean => theMachine().plugged.open(address, length);

export const pluggedAdd = (address: number, length: number): boolean => theMachine().plugged.add(address, length);

export const pluggedRemove = (address: number, length: number): boolean => theMachine().plugged.remove(address, length);

export const pluggedHas = (address: number): boolean => theMachine().plugged.has(address);
