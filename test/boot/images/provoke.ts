// An image that fails in the way its command line names, for panic.test.ts. Each way is a function of its own, because the tests look for its
// name and line in the backtrace.

import { assert } from '../../../kernel/base/assert.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { commandLineByte, commandLineLength } from '../../../kernel/hal/command-line.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { dmaLength, dmaRead8 } from '../../../kernel/hal/dma.ts';
import { EXIT_SUCCESS, exit, panic } from '../../../kernel/hal/power.ts';
import { addBytes, Cells, indexPastEnd, readPastMmio, refuseZero } from './provoke-machine.ts';

const commandLine = (): string => {
  let text = '';
  for (let index = 0; index < commandLineLength(); index++) text += String.fromCharCode(commandLineByte(index));
  return text;
};

const readSector = (): number => {
  throw new Error('disk on fire');
};

const throwString = (): number => {
  throw 'just a string';
};

const callUndefined = (value: { method?: () => number }): number => (value.method as () => number)();

const recurse = (depth: number): number => (depth < 0 ? 0 : recurse(depth + 1) + 1);

const fillMemory = (): number => {
  const kept: number[][] = [];
  for (;;) kept.push(new Array<number>(10_000).fill(kept.length));
};

const hang = (): never => {
  for (;;) clockNow();
};

/** The place where faults.test.ts puts an instruction of its own: the call of clockNow. */
const callClock = (): number => clockNow();

const provoke = (what: string): number => {
  if (what === 'throw') return readSector();
  if (what === 'throw-string') return throwString();
  if (what === 'type-error') return callUndefined({});
  if (what === 'assert') assert(what.length === 0, 'the moon is made of cheese');
  if (what === 'machine-assert') return refuseZero(0);
  if (what === 'arithmetic') return addBytes(200, 100);
  if (what === 'index') return indexPastEnd(new Cells(), 4);
  if (what === 'dma-window') return dmaRead8(dmaLength());
  if (what === 'mmio-window') return readPastMmio();
  if (what === 'panic') return panic('nobody expects this');
  if (what === 'stack') return recurse(0);
  if (what === 'memory') return fillMemory();
  if (what === 'fault') return callClock();
  if (what === 'status') exit(7);
  if (what === 'hang') hang();
  return 0;
};

const what = commandLine();
consoleWrite(`provoke: ${what}\n`);
provoke(what);
consoleWrite('provoke: nothing happened\n');
exit(EXIT_SUCCESS);
