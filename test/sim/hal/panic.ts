// What a machine module says while the machine stops, over the simulated machine: on its console.

import { theMachine } from '../machine.ts';

export const panicWrite = (text: string): void => {
  theMachine().consoleText += text;
};

export const panicWriteNumber = (value: number): void => panicWrite(String(value));

export const panicWriteHex = (value: number, digits: number): void =>
  panicWrite(value.toString(16).padStart(digits, '0'));
