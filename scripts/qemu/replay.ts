// `make replay`: a recorded run once more, instruction by instruction as it was, under gdb, forward and backward.
//
// To go backward, QEMU begins at a snapshot and goes forward to the instruction before. So one is made at the very start; it lies in the overlays of the
// drives, which nothing keeps.

import { EXIT_FAILED, EXIT_SUCCESS } from '../../kernel/hal/power.ts';
import { paint } from '../paint.ts';
import { inspectQemu } from './binary.ts';
import { chooseGdbPort, gdbArguments, runGdb } from './debug.ts';
import { endWithGdb, gdbForTerminal, guestPrinter, printGdbCommand } from './run.ts';
import { qemuError, RunnerError } from './runner-error.ts';
import { debugImageIn, openRun, type RecordedRun } from './runs.ts';
import { type Hearing, type Qemu, startWith } from './start.ts';

/** The longest silence of a run that is played back without gdb: instruction counting makes it slower than it was. */
const LIMIT_MS = 120_000;

/** Plays a run back: in gdb, or by itself, to hold what it says against the first time (`isCompared`). Returns the exit status of the process. */
export const replay = async (name: string, isCompared: boolean, gdb: string | undefined): Promise<number> => {
  try {
    const run = await openRun(name);
    await requireSameQemu(run);
    return isCompared ? await compared(run) : await underGdb(run, gdb);
  } catch (error) {
    if (!(error instanceof RunnerError)) throw error;
    console.error(paint('red', `hedyn: ${error.message}`));
    return error.status;
  }
};

const requireSameQemu = async ({ qemu, version, folder }: RecordedRun): Promise<void> => {
  const found = await inspectQemu(qemu);
  if (found.version !== version)
    throw qemuError(`${folder} was recorded by QEMU ${version}, and ${qemu} is ${found.version}: record it again`);
};

const underGdb = async (run: RecordedRun, chosen: string | undefined): Promise<number> => {
  const [port, gdb] = [await chooseGdbPort(), await gdbForTerminal(chosen)];
  const printer = guestPrinter();
  const qemu = await startHalted(run, port, { limitMs: 0, detached: gdb !== undefined, onSerial: printer.write });
  const debugImage = debugImageIn(run.folder);
  console.error(
    'It goes on to the end of the run; from there back: reverse-step, reverse-next, reverse-finish, reverse-continue.',
  );
  if (gdb === undefined) printGdbCommand(debugImage, port, endOf(run));
  await (gdb === undefined ? qemu.exit : endWithGdb(qemu, runGdb(gdb, gdbArguments(debugImage, port, endOf(run)))));
  return EXIT_SUCCESS;
};

/** Starts the replay, halted before the first instruction, with a snapshot to go back to. */
export const startHalted = async (run: RecordedRun, gdbPort: number, hearing: Hearing): Promise<Qemu> => {
  const qemu = startWith(run.qemu, [...run.replay, '-S', '-gdb', `tcp:127.0.0.1:${gdbPort}`], hearing);
  const complaint = await qemu.qmp.execute('human-monitor-command', { 'command-line': 'savevm start' });
  if (complaint !== '') throw qemuError(`there is no way back in this run: ${String(complaint).trim()}`);
  return qemu;
};

/** Where gdb stops first: the panic, or the end. */
const endOf = ({ serial }: RecordedRun): string => (/^PANIC /m.test(serial) ? 'panic.begin' : 'exit.leave');

const compared = async (run: RecordedRun): Promise<number> => {
  const printer = guestPrinter();
  const qemu = startWith(run.qemu, run.replay, {
    limitMs: LIMIT_MS,
    onSerial: printer.write,
    onStderr: (piece) => process.stderr.write(piece),
  });
  const exit = await qemu.exit;
  printer.end();
  const isSame = qemu.serial.text() === run.serial && exit.status === run.exit.status;
  if (isSame) console.error(`hedyn: the same as the first time, to the end: ${run.exit.reason}`);
  else console.error(paint('red', `hedyn: not as the first time: ${exit.reason}`));
  return isSame ? EXIT_SUCCESS : EXIT_FAILED;
};
