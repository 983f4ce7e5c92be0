'use machine';
// The early console: the first serial port; on a board without one QEMU's debug console at port 0xe9; where neither is, nothing. It never holds
// the machine up for good: what nobody takes is dropped.

/** Writes `text` as UTF-8 and returns when the port has taken all of it. Adds no line end. Control plane only: text is a string. */
export declare const consoleWrite: (text: string) => void;
