// Starts one QEMU and holds it: its serial line, its QMP, its end.
//
// A guest that says nothing for the length of the limit is taken for hung and stopped. Each word on the serial line starts the limit anew,
// so a guest that works for hours may, as long as it talks.

import type { Duplex, Readable } from 'node:stream';
import { spawnChild } from './children.ts';
import { buildCommandLine, type MachineOptions, QMP_FD, SERIAL_FD } from './command-line.ts';
import { decodeExit, type QemuExit, STATUS_NO_ANSWER, STATUS_QEMU_FAILED } from './exit-status.ts';
import { openQmp, type Qmp } from './qmp.ts';
import { createSerialLog, type SerialLog } from './serial.ts';

/** Who hears of a running QEMU, and when it is taken for hung. */
export interface Hearing {
  /** Longest silence on the serial line. 0 is no limit. */
  readonly limitMs: number;
  /** Out of reach of the terminal's signals: Ctrl-C is gdb's. */
  readonly detached?: boolean;
  /** Called with each piece of serial output as it comes. */
  readonly onSerial?: (piece: string) => void;
  /** Called with each piece of what QEMU itself says (warnings, refusals, `-d` logs). */
  readonly onStderr?: (piece: string) => void;
}

/** What to start, and who hears of it. */
export interface StartOptions extends MachineOptions, Hearing {
  /** QEMU's program. */
  readonly qemu: string;
}

/** A running QEMU. */
export interface Qemu {
  readonly serial: SerialLog;
  readonly qmp: Qmp;
  /** Settles when QEMU has ended and all it said has arrived; never rejects. */
  readonly exit: Promise<QemuExit>;
  /** What QEMU itself has said so far. */
  complaints(): string;
  /** Types on the guest's serial line. */
  send(text: string): void;
  /** Ends QEMU now, and returns how it ended. */
  stop(): Promise<QemuExit>;
}

/** Starts QEMU. What goes wrong, a missing program included, is told by `exit`. */
export const startQemu = (options: StartOptions): Qemu => startWith(options.qemu, buildCommandLine(options), options);

/** The same with the arguments as they are, those of buildCommandLine among them. */
export const startWith = (program: string, programArguments: readonly string[], options: Hearing): Qemu => {
  const child = spawnChild(program, programArguments, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    detached: options.detached === true,
  });
  const [, , stderr, qmpStream, serialStream] = child.stdio as unknown as [null, null, Readable, Duplex, Duplex];
  if (child.stdio.indexOf(qmpStream) !== QMP_FD || child.stdio.indexOf(serialStream) !== SERIAL_FD) {
    throw new Error('the streams of QEMU are not where its command line says');
  }
  const qmp = openQmp(qmpStream);
  const serial = createSerialLog();

  let ownEnd: QemuExit | undefined; // Set before we end QEMU ourselves: its exit code then says nothing.
  const end = (reason: QemuExit): void => {
    ownEnd ??= reason;
    child.kill('SIGKILL');
  };
  // A guest that hangs is asked where: an NMI is a panic, with a backtrace. One that does not take it is ended.
  const endSilent = (): void => {
    if (ownEnd !== undefined) return;
    ownEnd = noAnswer(options.limitMs);
    const kill = setTimeout(() => child.kill('SIGKILL'), LAST_WORDS_MS);
    child.once('close', () => clearTimeout(kill));
    qmp.execute('inject-nmi').catch(() => child.kill('SIGKILL'));
  };
  const limit = createLimit(options.limitMs, endSilent);

  serialStream.setEncoding('utf8').on('data', (piece: string) => {
    limit.restart();
    serial.push(piece);
    options.onSerial?.(piece);
  });
  serialStream.on('error', () => {}); // A QEMU that ends resets the socket; 'close' of the child follows.

  let complaints = '';
  stderr.setEncoding('utf8').on('data', (piece: string) => {
    complaints += piece;
    options.onStderr?.(piece);
  });

  const exit = new Promise<QemuExit>((resolve) => {
    child.once('error', (error) => {
      ownEnd ??= { status: STATUS_QEMU_FAILED, reason: `${program} could not be started: ${error.message}` };
    });
    child.once('close', (code, signal) => {
      limit.cancel();
      serial.end();
      const shutdown = qmp.events.find(({ event }) => event === 'SHUTDOWN')?.data?.reason;
      resolve(ownEnd ?? decodeExit(code, signal, typeof shutdown === 'string' ? shutdown : undefined));
    });
  });

  return {
    serial,
    qmp,
    exit,
    complaints: () => complaints,
    send: (text) => void serialStream.write(text),
    stop() {
      end({ status: STATUS_QEMU_FAILED, reason: 'stopped by the runner' });
      return exit;
    },
  };
};

/** So long a guest that hangs has for its last words. */
const LAST_WORDS_MS = 2000;

const noAnswer = (limitMs: number): QemuExit => ({
  status: STATUS_NO_ANSWER,
  reason: `the guest said nothing for ${limitMs / 1000} s; LIMIT=0 lets it be silent`,
});

/** Returns a clock that calls `expired` once, `limitMs` after its last restart. */
const createLimit = (limitMs: number, expired: () => void): { restart(): void; cancel(): void } => {
  if (limitMs === 0) return { restart() {}, cancel() {} };
  const timer = setTimeout(expired, limitMs);
  return { restart: () => void timer.refresh(), cancel: () => clearTimeout(timer) };
};
