'use machine';
// The early console: a serial port that waits for its transmitter. Implemented in boot/; see boot/machine.zig for the list.

/** Writes `text` as UTF-8 and returns when the transmitter has taken all of it. Adds no line end. Control plane only: text is a string. */
export declare const consoleWrite: (text: string) => void;
