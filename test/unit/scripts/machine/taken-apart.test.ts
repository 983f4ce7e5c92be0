import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, runtimeFiles } from '../../../../scripts/build.ts';
import { QUEUE_EXAMPLE } from '../../../../scripts/dialect/machine.ts';
import { compileProgram } from '../../../../scripts/front-end.ts';

const ENTRY = path.join(ROOT, 'kernel/base/example.ts');
const QUEUE = path.join(ROOT, 'kernel/base/queue.ts');

const codesOf = async (text: string): Promise<string[]> => {
  const overlay = new Map([
    [QUEUE, QUEUE_EXAMPLE],
    [ENTRY, `import { Queue } from './queue.ts';\n${text}`],
  ]);
  const files = { root: ROOT, entry: ENTRY, runtimeFiles: await runtimeFiles(), overlay };
  return compileProgram(files, true).diagnostics.map(({ code }) => code);
};

// On metal a record is a handle, which has none of its fields as properties: what is taken out of it so would be undefined.
it.each([
  ['an initializer', 'const { size } = new Queue();\nconsole.log(size);\n'],
  [
    'an initializer that may be missing',
    'const queue: Queue | undefined = new Queue();\nconst { size } = queue!;\nconsole.log(size);\n',
  ],
  ['a parameter', 'export const sizeOf = ({ size }: Queue): number => size;\n'],
  ['a parameter of a callback', 'const queues: Queue[] = [];\nconsole.log(queues.map(({ size }) => size));\n'],
  ['an element of a list', 'const queues: Queue[] = [];\nfor (const { size } of queues) console.log(size);\n'],
  [
    'a part of an object',
    'const pair = { queue: new Queue() };\nconst { queue: { size } } = pair;\nconsole.log(size);\n',
  ],
  ['a part of a list', 'const queues: Queue[] = [];\nconst [{ size }] = queues;\nconsole.log(size);\n'],
])('a record is not taken apart where it comes from %s', async (_, text) => {
  expect(await codesOf(text)).toEqual(['HED241']);
});

it('an object with a record in it is', async () => {
  const text =
    'const pair = { queue: new Queue(), name: 1 };\nconst { queue, name } = pair;\nconsole.log(queue.size, name);\n';
  expect(await codesOf(text)).toEqual([]);
});
