'use machine';
// What a machine module can print while the machine stops: its function `atPanic` is called with every record of its parameters' classes that there is, in all
// combinations, and says in a line each what they were doing. It must change nothing, and believe nothing: what it looks at may be what failed.

import type { u8, u53 } from '../base/machine.ts';

/** Prints a text. The line begins and ends by itself, around all that one call of `atPanic` prints. */
export declare const panicWrite: (text: string) => void;

/** Prints a number, in decimal. */
export declare const panicWriteNumber: (value: u53) => void;

/** Prints a number in hexadecimal, with as many digits at least. */
export declare const panicWriteHex: (value: u53, digits: u8) => void;
