// The console over the simulated machine.

import { theMachine } from '../machine.ts';

export const consoleWrite = (text: string): void => {
  theMachine().consoleText += text;
};
