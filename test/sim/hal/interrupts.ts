// Interrupts of the simulated machine. Idling lets time pass from one event to the next.

import { NO_INTERRUPT, VECTOR_LAST } from '../../../kernel/hal/interrupts.ts';
import { MESSAGE_ADDRESS } from '../interrupts.ts';
import { theMachine } from '../machine.ts';

export * from '../../../kernel/hal/interrupts.ts';

export const interruptAllocate = (): number => theMachine().interrupts.allocate();

export const interruptMessageAddress = (): number => (theMachine().interrupts.available > 0 ? MESSAGE_ADDRESS : 0);

export const interruptRoute = (gsi: number, vector: number, isLevel: boolean, _isActiveLow: boolean): boolean =>
  theMachine().interrupts.route(gsi, vector, isLevel);

export const interruptRearm = (vector: number): void => theMachine().interrupts.rearm(vector);

export const interruptNext = (): number => theMachine().interrupts.next();

export const interruptIsNoted = (): boolean => theMachine().interrupts.isNoted;

export const interruptCount = (vector: number): number => {
  if (vector < 0 || vector > 255) throw new RangeError(`there is no vector ${vector}; the last is ${VECTOR_LAST}`);
  return theMachine().interrupts.count(vector);
};

export const interruptLastTime = (): number => theMachine().interrupts.lastTime;

export const interruptUnexpectedCount = (): number => theMachine().interrupts.unexpectedCount;

export const interruptSpuriousCount = (): number => theMachine().interrupts.spuriousCount;

export const idleUntil = (deadline: number): void => theMachine().idle(deadline);

export const fenceDevices = (): void => theMachine().processorMemory?.fence();

export const acpiInterruptOfPin = (device: number, pin: number): number => {
  const first = theMachine().interrupts.firstPinLine;
  return first === undefined ? NO_INTERRUPT : first + ((device + pin - 1) % 4);
};

export const acpiPinIsActiveLow = (_device: number, _pin: number): boolean => false;
