// The command line of the simulated machine.

import { theMachine } from '../machine.ts';

export const commandLineLength = (): number => theMachine().commandLine.length;

export const commandLineByte = (index: number): number => {
  const { commandLine } = theMachine();
  if (index < 0 || index >= commandLine.length) throw new RangeError(`the command line has no byte ${index}`);
  return commandLine.charCodeAt(index);
};
