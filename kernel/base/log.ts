// The log: one line an event, in a form that stays the same so that it can be searched for.
//
//   LEVEL SUBJECT: TEXT          warn 0000:00:02.0 virtio-blk: 2 requests were lost
//
// The log is off until `startLog` says where it goes: this floor knows no console.

/** How much an event matters, from what somebody must mend to what only its author reads. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** What stands further back weighs less. */
const LEVELS = 'error warn info debug';

let write: ((text: string) => void) | undefined;
let levelMax = -1;

/** Sends every later line of `level` or of more weight to `sink`, line end included. Called again, it replaces the sink. */
export const startLog = (sink: (text: string) => void, level: LogLevel): void => {
  write = sink;
  levelMax = LEVELS.indexOf(level);
};

/** Turns the log off. */
export const stopLog = (): void => {
  write = undefined;
  levelMax = -1;
};

/** Logs one line about `subject`, a device or a part of the kernel. */
export const log = (level: LogLevel, subject: string, text: string): void => {
  if (write === undefined || LEVELS.indexOf(level) > levelMax) return;
  write(`${level} ${subject}: ${text}\n`);
};
