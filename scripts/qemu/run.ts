// `make qemu`, `make debug` and `make watch`: one image, one QEMU, its serial line on this terminal, its status as ours.

import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { EXIT_SUCCESS } from '../../kernel/hal/power.ts';
import { ensureDefaultDisk } from '../disk.ts';
import { COLOURED, createExplainer, PLAIN } from '../failure/explain.ts';
import { sourcesIn } from '../failure/source.ts';
import { PROJECT, ROOT } from '../folders.ts';
import { paint } from '../paint.ts';
import { chooseAccelerator } from './accelerator.ts';
import { inspectQemu, requireMachine, versionWarning } from './binary.ts';
import { buildCommandLine, type Disk, MACHINE_NAMES, type MachineName, splitArguments } from './command-line.ts';
import { chooseGdbPort, gdbArguments, gdbCommand, runGdb } from './debug.ts';
import type { QemuExit } from './exit-status.ts';
import { ensureGdb, ensureQemu } from './install.ts';
import { RunnerError, usageError } from './runner-error.ts';
import { folderOf, type ImageFiles, startRecorded } from './runs.ts';
import { type Hearing, type Qemu, startWith } from './start.ts';
import { createPrinter, type Printer, wantsColour } from './terminal.ts';

const DEFAULT_MEMORY = '256M';
const DEFAULT_LIMIT_SECONDS = 30;

/** What `make qemu` was asked for. An empty string means the default, as make hands on a variable that is not set. */
export interface RunOptions {
  /** The ELF to boot. */
  readonly image: string;
  /** The ELF with debug information, for gdb. Default: `image`. */
  readonly debugImage?: string;
  /** MACHINE=, q35 or microvm. */
  readonly machine?: string;
  /** MEMORY=, in QEMU's notation. Default 256M. */
  readonly memory?: string;
  /** A file that becomes the guest's memory, for who reads it meanwhile. */
  readonly memoryFile?: string;
  /** DISK=, a raw image. Default: build/disk.img, made when absent. */
  readonly disk?: string;
  /** QEMU=, a program. Default: qemu-system-x86_64 in PATH, installed when absent. */
  readonly qemu?: string;
  /** QEMU_ARGS=, split as a shell does. */
  readonly qemuArgs?: string;
  /** ARGS=, what the guest finds as its command line. */
  readonly commandLine?: string;
  /** The longest silence of the guest, in seconds; 0 is no limit. Default 30. */
  readonly limitSeconds?: number;
  /** The command that does all of this again. */
  readonly again?: string;
  /** Record the run, and keep it under this name (runs.ts). */
  readonly record?: string;
  /** Halt at the first instruction for gdb, which gets this terminal where there is one. */
  readonly debug?: boolean;
  /** With `debug`: where gdb stops first. Default `main`. */
  readonly breakpoint?: string;
  /** GDB=, a program. Default: gdb in PATH, installed when absent. */
  readonly gdb?: string;
  /** GDB_PORT=: the gdb of somebody else, an editor, comes to this port, and none is started. */
  readonly gdbPort?: number;
}

/** Runs the image and returns the exit status of the process: the guest's own, or 60 to 62. Prints one line for what went wrong. */
export const runImage = async (options: RunOptions): Promise<number> => {
  try {
    const { exit: end } = await startImage(options);
    const exit = await end;
    if (exit.status !== EXIT_SUCCESS) {
      console.error(paint('red', `hedyn: exit status ${exit.status}: ${exit.reason}`));
      if (options.again !== undefined) console.error(paint('dim', `hedyn: again: ${options.again}`));
    }
    return exit.status;
  } catch (error) {
    if (!(error instanceof RunnerError)) throw error;
    console.error(paint('red', `hedyn: ${error.message}`));
    return error.status;
  }
};

/** A machine that was started. */
export interface Machine {
  /** Settles when it has ended and all that it said is printed; never rejects. */
  readonly exit: Promise<QemuExit>;
  /** Ends it now. */
  stop(): Promise<QemuExit>;
}

/** Boots an image; what it says is printed. Throws a RunnerError when it cannot be started as it is asked for. */
export const startImage = async (options: RunOptions): Promise<Machine> => {
  const machine = parseMachine(options.machine);
  const memory = parseMemory(options.memory);
  const disk = options.disk ? checkDisk(options.disk) : { file: await ensureDefaultDisk() };
  const binary = await inspectQemu(await ensureQemu(options.qemu));
  requireMachine(binary, machine);
  const warning = versionWarning(binary.version);
  if (warning !== undefined) console.error(paint('yellow', `hedyn: ${warning}`));

  const gdbPort = options.debug === true ? await chooseGdbPort(options.gdbPort) : undefined;
  const isOwnGdb = options.debug === true && options.gdbPort === undefined;
  const gdb = isOwnGdb ? await gdbForTerminal(options.gdb) : undefined;
  if (gdbPort !== undefined && gdb === undefined)
    printGdbCommand(debugImageOf(options), gdbPort, options.breakpoint || 'main');

  const printer = guestPrinter();
  const hearing: Hearing = {
    limitMs: gdbPort === undefined ? (options.limitSeconds ?? DEFAULT_LIMIT_SECONDS) * 1000 : 0,
    detached: gdb !== undefined,
    onSerial: printer.write,
    onStderr: (piece) => process.stderr.write(piece),
  };
  const plain = buildCommandLine({
    machine,
    accelerator: gdbPort === undefined ? chooseAccelerator() : 'tcg', // TCG's breakpoints need no write into memory.
    memory,
    memoryFile: options.memoryFile,
    image: options.image,
    commandLine: options.commandLine,
    disks: [disk],
    gdbPort,
    extra: splitArguments(options.qemuArgs ?? ''),
  });
  const { qemu, done } =
    options.record === undefined
      ? { qemu: startWith(binary.program, plain, hearing), done: undefined }
      : await startRecorded(options.record, binary.program, plain, imageFiles(options), hearing);
  const ended =
    gdb !== undefined && gdbPort !== undefined
      ? endWithGdb(qemu, runGdb(gdb, gdbArguments(debugImageOf(options), gdbPort, options.breakpoint || 'main')))
      : qemu.exit;
  const exit = ended.finally(async () => {
    printer.end();
    await done;
    if (options.record !== undefined)
      console.error(`hedyn: recorded in ${folderOf(options.record)}: make replay RUN=${options.record}`);
  });
  return { exit, stop: () => qemu.stop().then(() => exit) };
};

const imageFiles = ({ image, debugImage }: RunOptions): ImageFiles => ({ elf: image, debugElf: debugImage ?? image });

/** Returns the end of a machine that is looked at with gdb: its own, or it comes with gdb's. */
export const endWithGdb = async (qemu: Qemu, gdbEnds: Promise<unknown>): Promise<QemuExit> => {
  await gdbEnds;
  return Promise.race([
    qemu.exit,
    qemu.stop().then((): QemuExit => ({ status: EXIT_SUCCESS, reason: 'gdb has ended' })),
  ]);
};

/** Returns the gdb that is to have this terminal; undefined where there is no terminal, or no gdb, and then says how to get one. */
export const gdbForTerminal = async (chosen: string | undefined): Promise<string | undefined> => {
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) return undefined;
  try {
    return await ensureGdb(chosen);
  } catch (error) {
    if (!(error instanceof RunnerError) || chosen) throw error;
    console.error(paint('yellow', `hedyn: ${error.message}`));
    return undefined;
  }
};

/** Returns the machine named by MACHINE=. Throws a RunnerError for any other. */
export const parseMachine = (name: string | undefined): MachineName => {
  const wanted = name || MACHINE_NAMES[0];
  const known = MACHINE_NAMES.find((machine) => machine === wanted);
  if (known !== undefined) return known;
  throw usageError(
    `MACHINE=${wanted}: no such machine; write ${MACHINE_NAMES.map((machine) => `MACHINE=${machine}`).join(' or ')}`,
  );
};

/** Returns MEMORY= when it is a size. Throws a RunnerError for anything else. */
export const parseMemory = (text: string | undefined): string => {
  const memory = text || DEFAULT_MEMORY;
  if (/^[1-9]\d*[KMG]?$/i.test(memory)) return memory;
  throw usageError(`MEMORY=${memory}: not a size; write a number and a unit, such as MEMORY=64M or MEMORY=1G`);
};

/** Returns the user's disk; one that this user cannot write is read-only to the guest too. Throws a RunnerError when there is none. */
export const checkDisk = (file: string): Disk => {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw usageError(`DISK=${file}: no such file; name a raw disk image, or leave DISK= out`);
  if (!stats.isFile() && !stats.isBlockDevice())
    throw usageError(`DISK=${file}: not a disk image; name a raw disk image`);
  try {
    accessSync(file, constants.W_OK);
    return { file };
  } catch {
    return { file, readOnly: true }; // The probe says so too.
  }
};

/** Returns what shows the guest's words on standard output. */
export const guestPrinter = (): Printer => {
  const colour = wantsColour();
  return createPrinter(process.stdout, colour, createExplainer(sourcesIn(PROJECT, ROOT), colour ? COLOURED : PLAIN));
};

/** Says how to join a halted QEMU. */
export const printGdbCommand = (debugImage: string, port: number, breakpoint: string): void => {
  console.error('QEMU is halted before the first instruction. In another terminal, in this folder, type:');
  console.error(`\n  ${gdbCommand(debugImage, port, breakpoint)}\n`);
  console.error('Breakpoints take TypeScript lines: break FILE.ts:LINE. To end QEMU: kill in gdb, or Ctrl-C here.');
};

const debugImageOf = (options: RunOptions): string => path.relative('', options.debugImage ?? options.image);
