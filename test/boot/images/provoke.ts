// An image that fails in the way its command line names, for panic.test.ts. Each way is a function of its own, because the tests look for its
// name and line in the backtrace.

import { assert } from '../../../kernel/base/assert.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { commandLineByte, commandLineLength } from '../../../kernel/hal/command-line.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { dmaFill, dmaLength, dmaRead8, dmaRead32, dmaWrite8, dmaWrite32 } from '../../../kernel/hal/dma.ts';
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

const fillWithClosures = (): number => {
  const kept: (() => number[])[] = [];
  for (let number = 0; ; number++) {
    const list = [number];
    kept.push(() => list);
  }
};

const doubleText = (): number => {
  let text = 'x';
  for (;;) text += text;
};

/** More bytes than the machine has, at once. */
const fillBytes = (): number => new Uint8Array(2 ** 30).fill(1).length;

/** So many elements that their bytes cannot be counted with 32 bits. */
const fillArray = (): number => {
  const list = new Array<number>(2 ** 29);
  list[0] = 1;
  return list.length;
};

/** An element behind all that there can be. */
const setFarElement = (): number => {
  const list = [1];
  list[2 ** 31] = 2;
  return list.length;
};

/** What is longer than anything can be is an exception, as on Node. */
const catchTooLong = (): number => {
  let caught = 0;
  const tries = [
    (): unknown => 'xy'.repeat(2 ** 31),
    (): unknown => 'x'.padStart(2 ** 32),
    (): unknown => new Array<number>(2 ** 32),
    (): unknown => new Float64Array(2 ** 29),
    (): unknown => new Uint8Array(2 ** 40),
    (): unknown => new ArrayBuffer(2 ** 40),
  ];
  for (const tryIt of tries) {
    try {
      tryIt();
    } catch (error) {
      if (error instanceof RangeError) caught += 1;
    }
  }
  consoleWrite(`provoke: ${caught} of ${tries.length} are a RangeError\n`);
  return caught;
};

/** The first and the last bytes of the window are there. */
const readEdges = (): number => {
  dmaWrite8(0, 0x12);
  dmaWrite32(dmaLength() - 4, 0x3456789a);
  const [first, last] = [dmaRead8(0), dmaRead32(dmaLength() - 4)];
  consoleWrite(`provoke: ${first.toString(16)} and ${last.toString(16)}\n`);
  return first;
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
  if (what === 'dma-across') return dmaRead32(dmaLength() - 3);
  if (what === 'dma-top') return dmaRead32(0xffffffff);
  if (what === 'dma-fill') dmaFill(dmaLength() - 4, 5, 0);
  if (what === 'dma-below') return dmaRead8(-what.length);
  if (what === 'dma-edges') return readEdges();
  if (what === 'mmio-window') return readPastMmio();
  if (what === 'panic') return panic('nobody expects this');
  if (what === 'stack') return recurse(0);
  if (what === 'memory') return fillMemory();
  if (what === 'closures') return fillWithClosures();
  if (what === 'text') return doubleText();
  if (what === 'bytes') return fillBytes();
  if (what === 'array') return fillArray();
  if (what === 'far-element') return setFarElement();
  if (what === 'too-long') return catchTooLong();
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
