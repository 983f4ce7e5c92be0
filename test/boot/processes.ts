// Processes that a test has started through others, as Linux shows them below /proc.

import { existsSync, readFileSync } from 'node:fs';

/** Returns the processes that `pid` has started, or an empty list when it has ended. */
export const childrenOf = (pid: number): number[] => {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number) : [];
};

/** Tells whether a process runs; one that has ended and waits for its parent to notice does not. */
export const isRunning = (pid: number): boolean => {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/\) [ZX] /.test(readFileSync(file, 'utf8'));
};
