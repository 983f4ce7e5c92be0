// Several cases as one program: what each prints stands behind a line with its name.
//
//   main.ts      imports, in turn, the mark of a file, the file, and what runs its tests
//   mark-N.ts    prints the line
//   tests-N.ts   runs the jobs that the file has left, and its tests, each with its jobs; the event loop in groups with timers
//   node.mts     the same for Node, where jobs run between two imports, and the loop until it would end

import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/build.ts';
import type { Case, Corpus } from './corpus.ts';

/** Cases that share a program. */
export interface Group {
  readonly name: string;
  readonly cases: readonly Case[];
  /** Whether its programs set timers, and so have an event loop. */
  readonly hasTimers: boolean;
}

/** What each case printed, by its name: that of its file, or `FILE > TEST`. A case that was not reached is missing. */
export type Outputs = ReadonlyMap<string, string>;

/** Of one program, in characters: what every program costs by itself is then a small part, and a pair of processors still has enough programs to share. */
const GROUP_SIZE = 60_000;
const NODE_LIMIT_MS = 60_000;
const MARK = '#case ';
const TEST_MODULE = path.join(ROOT, 'test/metal/test.ts');

const CLASS = /\bclass (\w+)/g;
const TIMER = /\bset(Timeout|Interval|Immediate)\(/;

/** Returns the corpus in groups of about one size: those with timers by themselves, so that the others stay programs without a loop. */
export const groupsOf = ({ running }: Pick<Corpus, 'running'>): Group[] => [
  ...grouped(
    'corpus',
    running.filter(({ text }) => !TIMER.test(text)),
    false,
  ),
  ...grouped(
    'timers',
    running.filter(({ text }) => TIMER.test(text)),
    true,
  ),
];

/** A program has one class of a name (HED007), so files with a class of the same name are in different groups. */
const grouped = (name: string, cases: readonly Case[], hasTimers: boolean): Group[] => {
  const size = cases.reduce((sum, { text }) => sum + text.length, 0);
  const lists = Array.from({ length: Math.ceil(size / GROUP_SIZE) }, emptyList);
  for (const found of cases) {
    const classes = [...found.text.matchAll(CLASS)].map(([, called]) => called ?? '');
    const free = lists.filter((list) => !classes.some((called) => list.classes.has(called)));
    const list = free.sort((a, b) => a.size - b.size)[0] ?? emptyList();
    if (free.length === 0) lists.push(list);
    list.cases.push(found);
    list.size += found.text.length;
    for (const called of classes) list.classes.add(called);
  }
  return lists.map((list, index) => ({ name: `${name}-${index + 1}`, cases: list.cases, hasTimers }));
};

const emptyList = (): { cases: Case[]; size: number; classes: Set<string> } => ({
  cases: [],
  size: 0,
  classes: new Set(),
});

/** Returns the names under which a group's output is compared: each file's own, and those of its tests. */
export const namesOf = (group: Group): string[] =>
  group.cases.flatMap(({ name, tests }) => [name, ...tests.map((test) => `${name} > ${test}`)]);

/** Writes the program of a group below build/. Returns its entry. */
export const writeGroup = (group: Group): string => {
  const folder = path.join(ROOT, 'build/metal', group.name);
  mkdirSync(folder, { recursive: true });
  const from = (file: string): string => path.relative(folder, file).split(path.sep).join('/');
  const settle = group.hasTimers ? 'runLoop' : 'runJobs';
  const module = from(path.join(ROOT, group.hasTimers ? 'kernel/event/loop.ts' : 'kernel/runtime/jobs.ts'));
  const imports = group.cases.map(({ name, file, text }, index) => {
    const write = (kind: string, lines: readonly string[]): string => {
      writeFileSync(path.join(folder, `${kind}-${index}.ts`), `${lines.join('\n')}\n`);
      return `import './${kind}-${index}.ts';\n`;
    };
    const hasTests = /^import .*\/test\.ts';$/m.test(text);
    const mark = write('mark', [`console.log('${MARK}${name}');`, 'export {};']);
    const rest = write('tests', [
      `import { ${settle} } from '${module}';`,
      ...(hasTests ? [`import { startNextTest } from '${from(TEST_MODULE)}';`] : []),
      `${settle}();`,
      ...(hasTests ? [`while (startNextTest('${name}')) ${settle}();`] : []),
    ]);
    return `${mark}import '${from(file)}';\n${rest}`;
  });
  const entry = path.join(folder, 'main.ts');
  writeFileSync(entry, imports.join(''));
  writeFileSync(path.join(folder, 'node.mts'), nodeProgram(group, from));
  return entry;
};

/** An exception that leaves a case ends the case, not the run, so that Node's answer to the others is still known. */
const nodeProgram = (group: Group, from: (file: string) => string): string =>
  [
    'Error.stackTraceLimit = 0; // On metal an error keeps no stack.',
    'console.warn = console.error = console.log; // Node has a second stream for them.',
    "process.on('unhandledRejection', (reason) => console.log('unhandled:', String(reason)));",
    group.hasTimers
      ? "const settle = () => new Promise((resolve) => { process.once('beforeExit', resolve); setImmediate(() => {}); }); // It comes only behind a loop that had something to do."
      : 'const settle = () => new Promise((resolve) => setImmediate(resolve));',
    `const { startNextTest } = await import('${from(TEST_MODULE)}');`,
    ...group.cases.map(({ name, file }) =>
      [
        `console.log('${MARK}${name}');`,
        `try { await import('${from(file)}'); } catch (error) { console.log(\`uncaught: \${error}\`); }`,
        'await settle();',
        `while (startNextTest('${name}')) await settle();`,
      ].join('\n'),
    ),
  ].join('\n');

/** Runs a written group, by its entry, on Node. Rejects when Node itself fails. */
export const runOnNode = async (entry: string): Promise<Outputs> =>
  splitOutput(await runProgramOnNode(path.join(path.dirname(entry), 'node.mts')));

/** Returns what a program prints on Node. Rejects when Node leaves with another status than 0. */
export const runProgramOnNode = (program: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const node = spawn(process.execPath, ['--no-warnings', '--import', 'tsx', program], {
      cwd: ROOT,
      timeout: NODE_LIMIT_MS,
      env: { ...process.env, TZ: 'UTC' },
    });
    let output = '';
    let complaints = '';
    node.stdout.setEncoding('utf8').on('data', (piece: string) => {
      output += piece;
    });
    node.stderr.setEncoding('utf8').on('data', (piece: string) => {
      complaints += piece;
    });
    node.on('error', reject);
    node.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`Node ended with ${code}:\n${complaints}\n${output.slice(-1000)}`));
    });
  });

/** Returns what stands behind each mark. */
export const splitOutput = (text: string): Outputs => {
  const [, ...parts] = text.replaceAll('\r\n', '\n').split(new RegExp(`^${MARK}`, 'm'));
  return new Map(
    parts.map((part): [string, string] => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)];
    }),
  );
};
