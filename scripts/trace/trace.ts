// `make trace`: runs an image that notes what it does (kernel/hal/trace.ts), and writes it down as a file for ui.perfetto.dev and chrome://tracing.

import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { RING_BYTES } from '../machine/trace.ts';
import { type RunOptions, runImage } from '../qemu/run.ts';
import { type ChromeTrace, chromeTrace } from './chrome.ts';
import { readNames } from './names.ts';
import { openRing, type RingReader } from './ring.ts';

/** The ring holds far more than a guest notes in this time. */
const DRAIN_EVERY_MS = 5;

/** Reads the events of a guest while it runs. */
export interface Recorder {
  /** Stops, and returns the trace of all that was noted; undefined when the guest had no memory yet. */
  stop(): ChromeTrace | undefined;
}

/** Records the guest whose memory will be `memoryFile`, which QEMU makes. `debugImage` is its image, with debug information. */
export const record = (program: string, debugImage: string, memoryFile: string): Recorder => {
  const names = readNames(readFileSync(debugImage));
  const place = { ring: names.addressOf('hal_traceRing'), written: names.addressOf('hal_traceWritten') };
  let ring: RingReader | undefined;
  const open = (): void => {
    const size = statSync(memoryFile, { throwIfNoEntry: false })?.size ?? 0;
    if (size >= Math.max(place.ring + RING_BYTES, place.written + 8)) ring ??= openRing(memoryFile, place);
  };
  const drain = (): void => {
    open();
    ring?.drain();
  };
  const timer = setInterval(drain, DRAIN_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      open();
      if (ring === undefined) return undefined;
      const entryStamp = Number(wordAt(memoryFile, names.addressOf('entry_time_stamp')));
      return chromeTrace(program, { events: ring.end(), lostCount: ring.lostCount, entryStamp }, names);
    },
  };
};

const wordAt = (file: string, address: number): bigint => {
  const word = Buffer.alloc(8);
  const opened = openSync(file, 'r');
  readSync(opened, word, 0, 8, address);
  closeSync(opened);
  return word.readBigUInt64LE();
};

/** Runs the image, and writes its trace into `folder` when it has ended, or when Ctrl-C has ended it. Returns the exit status of the run. */
export const traceImage = async (program: string, folder: string, options: RunOptions): Promise<number> => {
  mkdirSync(folder, { recursive: true });
  const memoryFile = path.join(folder, `${program}.${process.pid}.memory`);
  const keepOn = (): void => {}; // The runner ends QEMU at these; there is a trace to be written behind it.
  process.on('SIGINT', keepOn).on('SIGTERM', keepOn);
  const recorder = record(program, options.debugImage ?? options.image, memoryFile);
  try {
    const status = await runImage({ ...options, memoryFile });
    const trace = recorder.stop();
    if (trace !== undefined) writeTrace(path.join(folder, `${program}.json`), trace);
    return status;
  } finally {
    process.off('SIGINT', keepOn).off('SIGTERM', keepOn);
    if (existsSync(memoryFile)) rmSync(memoryFile);
  }
};

const writeTrace = (file: string, trace: ChromeTrace): void => {
  const { traceEvents, ...rest } = trace;
  const lines = traceEvents.map((event) => JSON.stringify(event)).join(',\n');
  writeFileSync(file, `${JSON.stringify(rest).slice(0, -1)},"traceEvents":[\n${lines}\n]}\n`);
  const { events, lost, hertz } = trace.otherData;
  const speed = hertz === 'not known' ? '; the clock was never looked at, so times are counted as if it had 1 GHz' : '';
  console.log(`${path.relative('', file)}: ${events} events, ${lost === 0 ? 'none' : lost} lost${speed}`);
  console.log('Open it at https://ui.perfetto.dev or in chrome://tracing.');
};
