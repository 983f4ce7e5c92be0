// What the probe says: lines on the console, each with the word first that one would search for.

import { clockNow } from '../../kernel/hal/clock.ts';
import { consoleWrite } from '../../kernel/hal/console.ts';

const NS_PER_US = 1000;

/** Prints one line. */
export const print = (line: string): void => consoleWrite(`${line}\n`);

/** Prints how long after kernel entry the stage `name` ended: `time: pci 1834 us`. */
export const printTime = (name: string): void => print(`time: ${name} ${Math.floor(clockNow() / NS_PER_US)} us`);
