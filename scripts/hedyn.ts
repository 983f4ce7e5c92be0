// The commands behind the Makefile. Each prints for a person and ends with an exit status that a script can use.
//
//   build · run · debug · size · check · install-qemu        settings come from the environment: APP, MACHINE, MEMORY, DISK, ARGS, QEMU, QEMU_ARGS, RELEASE, LIMIT

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildImage, type Image, RefusedError, ROOT } from './build.ts';
import { type Diagnostic, formatDiagnostic, sortDiagnostics } from './diagnostics.ts';
import { paint } from './paint.ts';
import { ToolError } from './toolchain.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 62;

/** Something in the command's settings that its user must mend. The message says what to do. */
class UsageError extends Error {}

const main = async (command: string | undefined): Promise<number> => {
  switch (command) {
    case 'build': {
      const { app, release } = settings();
      await build(entryOf(app), release);
      return 0;
    }
    case 'run':
      return run(false);
    case 'debug':
      return run(true);
    case 'size':
      return printSize();
    case 'check': {
      const { checkProject } = await import('./check.ts');
      return checkProject();
    }
    case 'install-qemu': {
      const { ensureQemu } = await import('./qemu/install.ts');
      await ensureQemu(settings().qemu);
      return 0;
    }
    default:
      throw new UsageError(
        `hedyn: no command ${command ?? ''}; the commands are build, run, debug, size, check and install-qemu`,
      );
  }
};

interface Settings {
  readonly app: string;
  readonly machine: string;
  readonly memory: string;
  readonly disk: string | undefined;
  readonly commandLine: string | undefined;
  readonly qemu: string;
  readonly qemuArgs: string;
  readonly release: boolean;
  readonly limitSeconds: number | undefined;
}

const settings = (): Settings => {
  const { APP, MACHINE, MEMORY, DISK, ARGS, QEMU, QEMU_ARGS, RELEASE, LIMIT } = process.env;
  if (RELEASE !== undefined && RELEASE !== '' && RELEASE !== '0' && RELEASE !== '1')
    throw new UsageError(`RELEASE=${RELEASE} is neither 0 nor 1: write RELEASE=1 for an optimised image`);
  if (LIMIT && !/^\d+$/.test(LIMIT))
    throw new UsageError(
      `LIMIT=${LIMIT} is no number of seconds: write LIMIT=60, or LIMIT=0 for a guest that may be silent for ever`,
    );
  return {
    app: APP || 'probe',
    machine: MACHINE || 'q35',
    memory: MEMORY || '256M',
    disk: DISK || undefined,
    commandLine: ARGS || undefined,
    qemu: QEMU || 'qemu-system-x86_64',
    qemuArgs: QEMU_ARGS || '',
    release: RELEASE === '1',
    limitSeconds: LIMIT ? Number(LIMIT) : undefined,
  };
};

/** Returns the main module of APP: a folder of apps/, a folder with a main.ts, or a TypeScript file. */
const entryOf = (app: string): string => {
  const candidates = [
    path.join(ROOT, 'apps', app, 'main.ts'),
    path.resolve(app, 'main.ts'),
    ...(app.endsWith('.ts') ? [path.resolve(app)] : []),
  ];
  const found = candidates.find((file) => existsSync(file));
  if (found !== undefined) return found;
  const apps = readdirSync(path.join(ROOT, 'apps')).filter((name) =>
    existsSync(path.join(ROOT, 'apps', name, 'main.ts')),
  );
  throw new UsageError(`there is no app ${app}: write APP= with one of ${apps.join(', ')}, or the path of a main.ts`);
};

const build = async (entry: string, release: boolean): Promise<Image> => {
  const started = performance.now();
  const image = await buildImage({ entry, release });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const file = path.relative(process.cwd(), image.elf);
  console.log(image.fresh ? `${file} is up to date` : `${file} built in ${seconds} s`);
  return image;
};

const run = async (debug: boolean): Promise<number> => {
  const chosen = settings();
  const { checkDisk, parseMachine, parseMemory, runImage } = await import('./qemu/run.ts');
  // What is asked for is looked at before the build: nobody should wait for a compiler to hear of a slip of the finger.
  parseMachine(chosen.machine);
  parseMemory(chosen.memory);
  if (chosen.disk !== undefined) checkDisk(chosen.disk);
  const entry = entryOf(chosen.app);
  const { ensureQemu } = await import('./qemu/install.ts');
  await ensureQemu(chosen.qemu);

  const image = await build(entry, chosen.release);
  return runImage({ ...chosen, image: image.elf, debugImage: image.debugElf, debug, breakpoint: firstPlace(entry) });
};

/** `make size`: prints what fills the image. */
const printSize = async (): Promise<number> => {
  const { app, release } = settings();
  const image = await build(entryOf(app), release);
  const { measureImage, sizeTable } = await import('./size.ts');
  console.log(sizeTable(measureImage(readFileSync(image.debugElf), statSync(image.elf).size)));
  return 0;
};

/** Returns the place where the program begins, as gdb takes it: the first line of code behind the imports. */
const firstPlace = (entry: string): string => {
  const lines = readFileSync(entry, 'utf8').split('\n');
  const lastImport = lines.findLastIndex((line) => /^(import .*|} )from /.test(line) || line.startsWith('import '));
  const first = lines.findIndex((line, index) => index > lastImport && /^[^\s/*]/.test(line));
  return `${path.relative(ROOT, entry)}:${first + 1}`;
};

/** Prints what went wrong, for the one who can mend it. Returns the exit status. */
const explain = (error: unknown): number => {
  if (error instanceof RefusedError) {
    printDiagnostics(error.diagnostics);
    return EXIT_FAILED;
  }
  if (error instanceof UsageError) {
    console.error(paint('red', error.message));
    return EXIT_USAGE;
  }
  if (error instanceof ToolError) {
    console.error(paint('red', error.message));
    return EXIT_FAILED;
  }
  // Anything with a status of its own is an answer for the user too; the rest is a defect of this tool and shows its stack.
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') {
    console.error(paint('red', error.message));
    return error.status;
  }
  console.error(error);
  return EXIT_FAILED;
};

const printDiagnostics = (diagnostics: readonly Diagnostic[]): void => {
  for (const diagnostic of sortDiagnostics(diagnostics)) {
    const [place, rest] = formatDiagnostic(diagnostic).split(' error ', 2);
    console.error(`${place} ${paint('red', 'error')} ${rest}`);
  }
  console.error(
    `${diagnostics.length} error${diagnostics.length === 1 ? '' : 's'}; docs/dialect.md explains each number`,
  );
};

main(process.argv[2])
  .catch(explain)
  .then((status) => {
    process.exitCode = status;
  });
