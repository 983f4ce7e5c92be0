// `hedyn test`: *.metal.test.ts of a project on the machine, its other *.test.ts on Node, in one run of Vitest's.

import path from 'node:path';
import type { ViteUserConfig } from 'vitest/config';
import type { CliOptions } from 'vitest/node';
import { ensureDefaultDisk } from '../disk.ts';
import { PROJECT, ROOT } from '../folders.ts';
import { chooseAccelerator } from '../qemu/accelerator.ts';
import { splitArguments } from '../qemu/command-line.ts';
import { ensureQemu } from '../qemu/install.ts';
import { checkDisk, parseMachine, parseMemory } from '../qemu/run.ts';
import { usageError } from '../qemu/runner-error.ts';
import type { LoadOptions } from './load.ts';
import { MetalTests } from './metal-tests.ts';

/** What `hedyn test` was asked for; the machine as for `hedyn run`. */
export interface TestRunOptions {
  readonly machine?: string | undefined;
  readonly memory?: string | undefined;
  readonly disk?: string | undefined;
  readonly qemu?: string | undefined;
  readonly qemuArgs?: string | undefined;
  readonly commandLine?: string | undefined;
  readonly release: boolean;
  /** What Vitest is given: words of file names, `-t NAME`, `--watch`, `--reporter=…`. */
  readonly words: readonly string[];
}

const METAL_FILES = '**/*.metal.test.ts';
const LEFT_OUT = ['**/node_modules/**', '**/build/**'];

/** Runs the tests of a project. Returns the exit status: 0 when all passed. */
export const runTests = async (options: TestRunOptions): Promise<number> => {
  checkMachine(options);
  if (!process.stdout.isTTY && process.env['FORCE_COLOR'] === undefined) process.env['NO_COLOR'] ??= '1';
  const { parseCLI, startVitest } = await import('vitest/node');
  const { filter, options: parsed } = parseCLI(['vitest', ...options.words]);
  const { reporter, ...given }: GivenOptions = parsed;
  const unknown = Object.keys(parsed).find((name) => !OF_VITEST.includes(name));
  if (unknown !== undefined)
    throw usageError(
      `hedyn test has no option --${unknown}: hedyn test --help lists its own, and of Vitest it takes ${OF_VITEST_SHOWN}`,
    );
  const metal = new MetalTests(() => sessionOptions(options));
  const node = { name: 'node', root: PROJECT, include: ['**/*.test.ts'], exclude: [...LEFT_OUT, METAL_FILES] };
  const onMetal = {
    name: 'metal',
    root: PROJECT,
    include: [METAL_FILES],
    exclude: LEFT_OUT,
    runner: path.join(ROOT, 'scripts/test/runner.ts'),
    isolate: false,
    maxWorkers: 1,
  };
  const inline = { server: { deps: { inline: [/\/hedyn\//] } } };
  const config: ViteUserConfig = {
    test: { projects: [{ test: { ...node, ...inline } }, { test: { ...onMetal, ...inline } }] },
  };
  const vitest = await startVitest(
    'test',
    filter,
    { watch: false, ...given, config: false, root: PROJECT, reporters: [...reportersOf(reporter), metal] },
    config,
  );
  vitest.onClose(() => metal.end());
  if (!vitest.shouldKeepServer()) await vitest.close();
  return vitest.state.getCountOfFailedTests() > 0 ? 1 : Number(process.exitCode ?? 0);
};

/** The options of Vitest that mean something here; its command would take others for mistakes later than this. */
const OF_VITEST_SHOWN = '-t, --watch, --reporter, --outputFile, --bail, --retry, --testTimeout and --hookTimeout';
const OF_VITEST: readonly string[] = [
  ...[
    '--',
    't',
    'testNamePattern',
    'w',
    'watch',
    'reporter',
    'outputFile',
    'bail',
    'retry',
    'testTimeout',
    'hookTimeout',
  ],
  'color',
];

/** What Vitest's own command makes of words: `reporter` is an option there, and `reporters` is the setting. */
type GivenOptions = CliOptions & { readonly reporter?: string | readonly string[] };

/** The reporters that the user chose, else Vitest's own. */
const reportersOf = (reporter: GivenOptions['reporter']): string[] => {
  const chosen = [reporter ?? []].flat().filter((name) => typeof name === 'string');
  return chosen.length > 0 ? chosen : ['default'];
};

/** A slip of the finger is told before anything is built. Throws a RunnerError. */
const checkMachine = ({ machine, memory, disk }: TestRunOptions): void => {
  parseMachine(machine);
  parseMemory(memory);
  if (disk) checkDisk(disk);
};

const sessionOptions = async (options: TestRunOptions): Promise<Omit<LoadOptions, 'files'>> => ({
  release: options.release,
  machine: {
    qemu: await ensureQemu(options.qemu),
    machine: parseMachine(options.machine),
    memory: parseMemory(options.memory),
    accelerator: chooseAccelerator(),
    commandLine: options.commandLine,
    disks: [options.disk ? checkDisk(options.disk) : { file: await ensureDefaultDisk() }],
    extra: splitArguments(options.qemuArgs ?? ''),
  },
});
