// Lines on the machine's console.

import { consoleWrite } from '../hal/console.ts';

/** Writes `text` and a line end. */
export const writeLine = (text: string): void => {
  consoleWrite(`${text}\n`);
};
