// The commands behind the Makefile, and of the package. Each prints for a person and ends with an exit status that a script can use.

import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { buildImage, type Image, RefusedError } from './build.ts';
import { type Diagnostic, formatDiagnostic, sortDiagnostics } from './diagnostics.ts';
import { nameIn, PROJECT, ROOT } from './folders.ts';
import { paint } from './paint.ts';
import { quoted } from './qemu/command-line.ts';
import { usageError } from './qemu/runner-error.ts';
import {
  asGiven,
  BUILD_OPTIONS,
  commandAgain,
  DEBUG_OPTIONS,
  describeOptions,
  type OptionName,
  RUN_OPTIONS,
  type Settings,
  settings,
  TEST_OPTIONS,
  takeOptions,
} from './settings.ts';
import { ToolError } from './toolchain.ts';

const EXIT_FAILED = 1;

interface Command {
  /** One line for the help. */
  readonly help: string;
  /** What it takes besides options, as the help shows it. */
  readonly takes?: string;
  readonly options?: readonly OptionName[];
  /** Whether options that it does not know are for another program, and stay among the words. */
  readonly passesOn?: boolean;
  /** Does it with the words that are no options; returns the exit status. */
  readonly run: (words: readonly string[]) => Promise<number> | number;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  build: {
    help: 'build the image into build/',
    options: BUILD_OPTIONS,
    run: async () => {
      await build(entryOf(settings().app), settings().release);
      return 0;
    },
  },
  run: { help: 'build the image and boot it in QEMU', options: RUN_OPTIONS, run: () => run(false) },
  watch: { help: 'build and boot it, again at every save', options: RUN_OPTIONS, run: () => watch() },
  debug: { help: 'build the image and run it in gdb', options: DEBUG_OPTIONS, run: () => run(true) },
  test: {
    help: "run the project's tests: *.metal.test.ts on the machine, other *.test.ts on Node",
    takes: '[words of file names] [-t NAME] [--watch]',
    options: TEST_OPTIONS,
    passesOn: true,
    run: async (words) => {
      const { runTests } = await import('./test/run.ts');
      return runTests({ ...settings(), words });
    },
  },
  replay: {
    help: 'play a recorded run back in gdb, forward and backward',
    takes: 'RUN',
    options: ['compare', 'gdb'],
    run: async ([name]) => {
      const { replay } = await import('./qemu/replay.ts');
      return replay(name ?? process.env.RUN ?? '', process.env.COMPARE === '1', settings().gdb);
    },
  },
  trace: {
    help: 'run it, and write what it did down for ui.perfetto.dev',
    options: RUN_OPTIONS,
    run: () => trace(),
  },
  profile: {
    help: 'run it, and print in which functions its time went',
    options: RUN_OPTIONS,
    run: () => profile(),
  },
  size: { help: 'print what fills the image, by module', options: BUILD_OPTIONS, run: () => printSize() },
  new: {
    help: 'make a folder with a program of your own',
    takes: 'FOLDER',
    run: async ([folder, ...more]) => {
      if (folder === undefined || more.length > 0)
        throw usageError('hedyn new takes the name of one folder: hedyn new my-os');
      const { asTyped, newProject } = await import('./new.ts');
      const made = asTyped(await newProject(folder));
      console.log(
        `${made} is there. Next:\n\n  cd ${quoted(made)}\n  make qemu    # says hello from bare metal\n  make         # lists what else there is\n`,
      );
      return 0;
    },
  },
  'install-qemu': {
    help: 'install QEMU with apt, or say how else',
    options: ['qemu'],
    run: async () => {
      const { ensureQemu } = await import('./qemu/install.ts');
      await ensureQemu(settings().qemu);
      return 0;
    },
  },
  'install-gdb': {
    help: 'install gdb with apt, or say how else',
    options: ['gdb'],
    run: () => installGdb(),
  },
};

/** What only this repository has. */
const OWN_COMMANDS: Readonly<Record<string, Command>> = {
  check: {
    help: 'look through the sources of this package without running them',
    run: async () => {
      const { checkProject } = await import('./check.ts');
      return checkProject();
    },
  },
};

const main = ([name, ...words]: readonly string[]): Promise<number> | number => {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return printHelp();
  const commands = PROJECT === ROOT ? { ...COMMANDS, ...OWN_COMMANDS } : COMMANDS;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined)
    throw usageError(`hedyn has no command ${name}; the commands are ${Object.keys(commands).join(', ')}`);
  if (words.includes('--help') || words.includes('-h')) return printCommandHelp(name, command);
  const others = takeOptions(name, words, command.options ?? [], command.passesOn);
  if (others.length > 0 && command.takes === undefined)
    throw usageError(`hedyn ${name} takes no ${others[0]}: hedyn ${name} --help shows what it takes`);
  return command.run(others);
};

const printHelp = (): number => {
  console.log('hedyn builds TypeScript into images for bare metal, and boots them in QEMU.\n');
  for (const [name, { help }] of Object.entries(COMMANDS)) console.log(`  hedyn ${name.padEnd(13)} ${help}`);
  console.log('\nhedyn COMMAND --help lists the options of a command.');
  return 0;
};

const printCommandHelp = (name: string, { help, takes, options = [] }: Command): number => {
  const usage = [
    'hedyn',
    name,
    ...(takes === undefined ? [] : [takes]),
    ...(options.length === 0 ? [] : ['[options]']),
  ];
  console.log([`${usage.join(' ')}: ${help}`, ...describeOptions(options)].join('\n'));
  return 0;
};

/** Returns the main module of APP: a folder of apps/, a folder with a main.ts, or a TypeScript file. Without one, it is src/main.ts, or the probe. */
const entryOf = (app: string | undefined): string => {
  const own = path.join(PROJECT, 'src/main.ts');
  if (app === undefined && (PROJECT !== ROOT || existsSync(own))) return existing(own, 'there is no src/main.ts');
  const name = app ?? 'probe';
  const candidates = [
    path.join(PROJECT, 'apps', name, 'main.ts'),
    path.resolve(name, 'main.ts'),
    ...(name.endsWith('.ts') ? [path.resolve(name)] : []),
  ];
  return existing(
    candidates.find((file) => existsSync(file)),
    `there is no app ${name}`,
  );
};

/** Returns `file` when it is there. Throws a RunnerError that says what to write otherwise. */
const existing = (file: string | undefined, failure: string): string => {
  if (file !== undefined && existsSync(file)) return file;
  const folder = path.join(PROJECT, 'apps');
  const apps = (existsSync(folder) ? readdirSync(folder) : []).filter((name) =>
    existsSync(path.join(folder, name, 'main.ts')),
  );
  const choice = [...apps, 'the path of a main.ts'].join(', or ');
  throw usageError(`${failure}: write APP=NAME, which is ${choice}`);
};

const build = async (
  entry: string,
  release: boolean,
  kind: { traced?: true; sampled?: true; debug?: boolean } = {},
): Promise<Image> => {
  const started = performance.now();
  const image = await buildImage({ entry, release, ...kind });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const file = path.relative(process.cwd(), image.elf);
  console.log(image.fresh ? `${file} is up to date` : `${file} built in ${seconds} s`);
  return image;
};

const run = async (debug: boolean): Promise<number> => {
  const chosen = await checkedSettings();
  const entry = entryOf(chosen.app);
  const { runImage } = await import('./qemu/run.ts');
  const image = await build(entry, chosen.release, { debug });
  if (debug) linkDebugImage(image.debugElf);
  const breakpoint = debug ? await firstPlace(entry) : undefined;
  const record = chosen.isRecorded && !debug ? path.basename(image.elf, '.elf') : undefined;
  const again = commandAgain();
  return runImage({ ...chosen, record, again, image: image.elf, debugImage: image.debugElf, debug, breakpoint });
};

/** `make trace`: runs the program with all that it notes. */
const trace = async (): Promise<number> => {
  const chosen = await checkedSettings();
  const image = await build(entryOf(chosen.app), chosen.release, { traced: true });
  const { traceImage } = await import('./trace/trace.ts');
  const name = path.basename(image.elf, '.elf');
  const run = { ...chosen, image: image.elf, debugImage: image.debugElf };
  return traceImage(name, path.join(PROJECT, 'build/traces'), run);
};

/** `make profile`: runs the program and looks a thousand times a second where it is. */
const profile = async (): Promise<number> => {
  const chosen = await checkedSettings();
  const image = await build(entryOf(chosen.app), chosen.release, { sampled: true });
  const { profileImage } = await import('./trace/profile.ts');
  const name = path.basename(image.elf, '.elf');
  const run = { ...chosen, image: image.elf, debugImage: image.debugElf };
  return profileImage(name, path.join(PROJECT, 'build/profiles'), run);
};

const watch = async (): Promise<number> => {
  const chosen = await checkedSettings();
  const entry = entryOf(chosen.app);
  const { watchProgram } = await import('./watch/watch.ts');
  // A program that waits for what its author does next is not hung: it is stopped by the next save.
  return watchProgram({
    entry,
    release: chosen.release,
    machine: { ...chosen, limitSeconds: chosen.limitSeconds ?? 0 },
    explain,
  });
};

/** Returns the settings of a boot, for a QEMU that is there. What is asked for is looked at before the build: nobody should wait for a compiler to hear of a slip of the finger. */
const checkedSettings = async (): Promise<Settings> => {
  const chosen = settings();
  const { checkDisk, parseMachine, parseMemory } = await import('./qemu/run.ts');
  parseMachine(chosen.machine);
  parseMemory(chosen.memory);
  if (chosen.disk !== undefined) checkDisk(chosen.disk);
  entryOf(chosen.app);
  const { ensureQemu } = await import('./qemu/install.ts');
  await ensureQemu(chosen.qemu);
  return chosen;
};

/** gdb is wanted and not needed: where it cannot be had, the tests that drive it are skipped. */
const installGdb = async (): Promise<number> => {
  const { ensureGdb } = await import('./qemu/install.ts');
  try {
    await ensureGdb(settings().gdb);
  } catch (error) {
    console.error(paint('yellow', `hedyn: ${(error as Error).message}; without it the tests of debugging are skipped`));
  }
  return 0;
};

/** `make size`: prints what fills the image. */
const printSize = async (): Promise<number> => {
  const { app, release } = settings();
  const image = await build(entryOf(app), release);
  const { measureImage, sizeTable } = await import('./size.ts');
  console.log(sizeTable(measureImage(readFileSync(image.debugElf), statSync(image.elf).size)));
  return 0;
};

/** Makes build/debug.elf a name of the image that is being debugged: an editor's settings name one file, whatever the app is. */
const linkDebugImage = (debugElf: string): void => {
  const name = path.join(PROJECT, 'build/debug.elf');
  rmSync(name, { force: true });
  symlinkSync(path.relative(path.dirname(name), debugElf), name);
};

/** Returns the place where the program begins, as gdb takes it: the first statement of its main module that does something. */
const firstPlace = async (entry: string): Promise<string> => {
  const { firstLine } = await import('./top-level.ts');
  return `${nameIn(PROJECT, entry)}:${firstLine(readFileSync(entry, 'utf8'))}`;
};

/** Prints what went wrong, for the one who can mend it. Returns the exit status. */
const explain = (error: unknown): number => {
  if (error instanceof RefusedError) {
    printDiagnostics(error.diagnostics);
    return EXIT_FAILED;
  }
  if (error instanceof ToolError) {
    console.error(paint('red', error.message));
    return EXIT_FAILED;
  }
  // Anything with a status of its own is an answer for the user too; the rest is a defect of this tool and shows its stack.
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') {
    console.error(paint('red', asGiven(error.message)));
    return error.status;
  }
  console.error(error);
  return EXIT_FAILED;
};

const printDiagnostics = (diagnostics: readonly Diagnostic[]): void => {
  for (const diagnostic of sortDiagnostics(diagnostics)) {
    console.error(formatDiagnostic(diagnostic).replace(' error ', ` ${paint('red', 'error')} `));
  }
  const page = path.relative('', path.join(ROOT, 'docs/dialect.md'));
  console.error(`${diagnostics.length} error${diagnostics.length === 1 ? '' : 's'}; ${page} explains each number`);
};

Promise.resolve(process.argv.slice(2))
  .then(main)
  .catch(explain)
  .then((status) => {
    process.exitCode = status;
  });
