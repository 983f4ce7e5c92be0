// No QEMU outlives its runner: however this process ends, what it started ends too.
//
// An exit and the usual signals are seen here. SIGKILL cannot be; for that, on Linux, the kernel is asked to end the child with its parent
// (prctl PR_SET_PDEATHSIG through setpriv of util-linux, where it is installed).

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { findProgram } from './program.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const children = new Set<ChildProcess>();

/** Starts a program as node:child_process does, and ends it with this process. */
export const spawnChild = (
  program: string,
  programArguments: readonly string[],
  options: SpawnOptions,
): ChildProcess => {
  const setpriv = process.platform === 'linux' ? findProgram('setpriv') : undefined;
  const child =
    setpriv === undefined
      ? spawn(program, programArguments, options)
      : spawn(setpriv, ['--pdeathsig', 'KILL', '--', program, ...programArguments], options);
  if (children.size === 0) watch();
  children.add(child);
  child.once('close', () => {
    children.delete(child);
    if (children.size === 0) unwatch();
  });
  return child;
};

/** From now on Ctrl-C is for another program on this terminal, gdb, and ends nothing here. */
export const leaveInterrupts = (): void => {
  process.on('SIGINT', () => {}); // Node ends at a signal that nobody listens to.
  interruptsEnd = false;
};

let interruptsEnd = true;

const endAll = (): void => {
  for (const child of children) child.kill('SIGKILL');
};

/** Ends the children, then lets the signal do to this process what it does by default. */
const endAllAndRaise = (signal: NodeJS.Signals): void => {
  if (signal === 'SIGINT' && !interruptsEnd) return;
  endAll();
  unwatch();
  process.kill(process.pid, signal);
};

const watch = (): void => {
  process.on('exit', endAll);
  for (const signal of SIGNALS) process.on(signal, endAllAndRaise);
};

const unwatch = (): void => {
  process.off('exit', endAll);
  for (const signal of SIGNALS) process.off(signal, endAllAndRaise);
};
