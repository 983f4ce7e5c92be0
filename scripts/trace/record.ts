// Runs an image and reads a ring out of its memory meanwhile.

import { closeSync, mkdirSync, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { type RunOptions, runImage } from '../qemu/run.ts';
import { type ImageNames, readNames } from './names.ts';
import { openRing, type RingReader } from './ring.ts';

/** A ring holds far more than a guest notes in this time. */
const DRAIN_EVERY_MS = 5;

/** A ring by the names of its variables in the image. */
export interface RingNames {
  readonly ring: string;
  readonly written: string;
  readonly ringBytes: number;
  readonly recordBytes: number;
}

/** What a run has left. */
export interface Recording {
  /** The records in their order, some in each. */
  readonly pieces: readonly Buffer[];
  readonly lostCount: number;
  /** The time-stamp counter at kernel entry. */
  readonly entryStamp: number;
  /** How fast it counts, as far as the guest knew; undefined when nobody had looked at the clock. */
  readonly hertz: number | undefined;
  readonly names: ImageNames;
}

/** Reads the records of a guest while it runs. */
export interface Recorder {
  /** Stops, and returns all that was noted; undefined when the guest had no memory yet. */
  stop(): Recording | undefined;
}

/** Records the guest whose memory will be `memoryFile`, which QEMU makes. `debugImage` is its image, with debug information. */
export const record = (debugImage: string, memoryFile: string, ringNames: RingNames): Recorder => {
  const names = readNames(readFileSync(debugImage));
  const place = { ...ringNames, ring: names.addressOf(ringNames.ring), written: names.addressOf(ringNames.written) };
  let ring: RingReader | undefined;
  const open = (): void => {
    const size = statSync(memoryFile, { throwIfNoEntry: false })?.size ?? 0;
    if (size >= Math.max(place.ring + place.ringBytes, place.written + 8)) ring ??= openRing(memoryFile, place);
  };
  const timer = setInterval(() => {
    open();
    ring?.drain();
  }, DRAIN_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      open();
      if (ring === undefined) return undefined;
      const word = (name: string): number => wordAt(memoryFile, names.addressOf(name));
      const pieces = ring.end();
      return {
        pieces,
        lostCount: ring.lostCount,
        entryStamp: word('entry_time_stamp'),
        hertz: word('clock.scale') === 0 ? undefined : word('clock.hertz'),
        names,
      };
    },
  };
};

const wordAt = (file: string, address: number): number => {
  const word = Buffer.alloc(8);
  const opened = openSync(file, 'r');
  readSync(opened, word, 0, 8, address);
  closeSync(opened);
  return Number(word.readBigUInt64LE());
};

/** Runs the image with its memory in a file of `folder`, and records it until it has ended, or until Ctrl-C has ended it. Returns the exit status as well. */
export const recordRun = async (
  folder: string,
  ringNames: RingNames,
  options: RunOptions,
): Promise<{ status: number; recording: Recording | undefined }> => {
  mkdirSync(folder, { recursive: true });
  const memoryFile = path.join(folder, `memory.${process.pid}`);
  const keepOn = (): void => {}; // The runner ends QEMU at these; there is something to be written behind it.
  process.on('SIGINT', keepOn).on('SIGTERM', keepOn);
  const recorder = record(options.debugImage ?? options.image, memoryFile, ringNames);
  try {
    const status = await runImage({ ...options, memoryFile });
    return { status, recording: recorder.stop() };
  } finally {
    process.off('SIGINT', keepOn).off('SIGTERM', keepOn);
    rmSync(memoryFile, { force: true });
  }
};
