import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runtimeFiles } from '../../../../scripts/build.ts';
import { formatDiagnostic } from '../../../../scripts/diagnostics.ts';
import { compileProgram } from '../../../../scripts/front-end.ts';
import { patchC } from '../../../../scripts/patch.ts';
import { porfPath, runTool } from '../../../../scripts/toolchain.ts';
import { main } from '../../../native/border-app.ts';
import { buildNative, ROOT, STOP_AND_EXIT } from '../../../native/build.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';

/** Builds a whole program for Linux: control plane through Porffor, machine modules, glue. Returns its path. */
const buildProgram = async (name: string, text: string, level: '-O0' | '-O2'): Promise<string> => {
  const entry = path.join(ROOT, `test/native/${name}.ts`);
  const overlay = new Map([[entry, text]]);
  const compiled = compileProgram({ root: ROOT, entry, runtimeFiles: await runtimeFiles(), overlay }, true);
  expect(compiled.diagnostics.map(formatDiagnostic)).toEqual([]);
  const folder = path.join(ROOT, 'build/native');
  await mkdir(folder, { recursive: true });
  const [js, c] = [path.join(folder, `${name}.js`), path.join(folder, `${name}.c`)];
  await writeFile(js, compiled.control);
  await runTool(porfPath(), ['c', js, '-o', c]);
  const control = patchC(await readFile(c, 'utf8'), { target: 'native' });
  return buildNative([control, ...compiled.machine, STOP_AND_EXIT, WHICH], level);
};

/** Lets a program know which of its parts to run: the machine layer's command line is one byte from the environment. */
const WHICH = `
#include <stdint.h>
#include <stdlib.h>
uint8_t hal_commandLineByte(uint32_t index) { const char *text = getenv("WHICH"); return text ? (uint8_t)(text[0] - 'a') : 0; }
`;

const run = (program: string, which = 0): string =>
  spawnSync(program, { env: { WHICH: String.fromCharCode(0x61 + which) }, encoding: 'utf8', timeout: 20_000 }).stdout;

describe('the border between the planes', () => {
  const text = `import { main } from './border-app.ts';\nmain();\n`;

  const machine = installMachine(new SimMachine());
  main(); // Once: the machine modules keep what they hold.

  it.each(['-O0', '-O2'] as const)('a program prints what it prints on Node, at %s', async (level) => {
    const program = await buildProgram(`border-entry${level}`, text, level);
    // A console takes UTF-8, in which half a surrogate pair is U+FFFD.
    expect(run(program)).toBe(Buffer.from(machine.consoleText).toString());
  });
});

// What TypeScript alone cannot keep away from the border: casts, and numbers out of range.
const BAD_CALLS: readonly (readonly [string, string])[] = [
  ['grow(undefined as never, 1)', 'this is no record of the class that is asked for (argument queue of grow)'],
  ['grow(17 as never, 1)', 'this is no record of the class that is asked for (argument queue of grow)'],
  [
    'grow(2 as never, 1)', // The handle of the slot.
    'this is no record of the class that is asked for (argument queue of grow)',
  ],
  ['grow(queue, 65536)', 'an argument is no u16 (argument by of grow)'],
  ['grow(queue, -1)', 'an argument is no u16 (argument by of grow)'],
  ['grow(queue, 0.5)', 'an argument is no u16 (argument by of grow)'],
  ['grow(queue, Number.NaN)', 'an argument is no u16 (argument by of grow)'],
  [`grow(queue, '3' as never)`, 'an argument is no u16 (argument by of grow)'],
  ['grow(queue, -0.25)', 'an argument is no u16 (argument by of grow)'],
  ['grow(queue, Number.POSITIVE_INFINITY)', 'an argument is no u16 (argument by of grow)'],
  ['add3(2147483648, 1, 1)', 'an argument is no i32 (argument a of add3)'],
  ['add3(1, -2147483649, 0.5)', 'an argument is no i32 (argument b of add3)'],
  ['isBig(9007199254740992)', 'an argument is no u53 (argument a of isBig)'],
  ['isBig(-1)', 'an argument is no u53 (argument a of isBig)'],
  ['negate(128)', 'an argument is no i8 (argument a of negate)'],
  ['grow(queue, true as never)', 'an argument is no u16 (argument by of grow)'],
  ['grow(queue, undefined as never)', 'an argument is no u16 (argument by of grow)'],
  ['not(1 as never)', 'an argument is no boolean (argument a of not)'],
  [`half('1' as never)`, 'an argument is no number (argument a of half)'],
  ['sum([1, 2] as never)', 'an argument is no Uint8Array (argument bytes of sum)'],
  ['sum(new Uint16Array(2) as never)', 'an argument is no Uint8Array (argument bytes of sum)'],
  ['consoleWrite(5 as never)', 'an argument is no string (argument text of consoleWrite)'],
  ['queue.ring[8]', 'an index is outside an array of 8 (Queue.ring[])'],
  ['queue.slots[-1]!.size', 'an index is outside an array of 4 (Queue.slots[].size)'],
  ['slotSize(queue.slots[4]!)', 'an index is outside an array of 4 (Queue.slots[])'],
  ['slotSize(queue.slots[0.5]!)', 'an index is outside an array of 4 (Queue.slots[])'],
  ['shelf().queues[3]!.slots.length', 'an index is outside an array of 3 (Shelf.queues[])'],
  ['slotSize(1 as never)', 'this is no record of the class that is asked for (argument slot of slotSize)'],
  ['queueAt(shelf(), 0).at(4).size', 'index 4 is outside an array of 4 (test/native/border-records.ts:49:23)'],
];

describe('a bad argument stops the machine and says which', () => {
  let program = '';

  beforeAll(async () => {
    const calls = BAD_CALLS.map(
      ([call], index) => `  if (which === ${index}) take(${call.startsWith('consoleWrite') ? `(${call}, 0)` : call});`,
    );
    program = await buildProgram(
      'border-bad-calls',
      `import { consoleWrite } from '../../kernel/hal/console.ts';
import { commandLineByte } from '../../kernel/hal/command-line.ts';
import { add3, grow, half, isBig, negate, not, Queue, queueAt, Slot, shelf, slotSize, sum } from './border-records.ts';
const take = (value: number | boolean | undefined): void => consoleWrite(\`\${value}\\n\`);
const main = (): void => {
  const which = commandLineByte(0);
  const queue = new Queue();
  const slot = new Slot();
${calls.join('\n').replaceAll(/take\(\(consoleWrite\((.*?)\), 0\)\)/g, 'consoleWrite($1)')}
  consoleWrite(\`went on \${slot.size}\\n\`);
};
main();
`,
      '-O0',
    );
  });

  it.each(BAD_CALLS.map(([call, message], index) => ({ call, message, index })))('$call', ({ message, index }) => {
    expect(run(program, index)).toBe(`stopped 34: ${message}\n`);
  });

  it('and a good one does not', () => {
    expect(run(program, BAD_CALLS.length)).toBe('went on 0\n');
  });
});
