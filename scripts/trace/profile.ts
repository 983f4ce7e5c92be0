// `make profile`: runs an image whose timer notes where the program is (boot/sampling.zig), prints the functions that it was in most, and writes a flame graph for speedscope.
//
// A sample stands for the time since the one before it: two are not always equally far apart.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunOptions } from '../qemu/run.ts';
import type { ImageNames, Place } from './names.ts';
import { type Recording, type RingNames, recordRun } from './record.ts';

/** The ring of boot/sampling.zig. */
export const SAMPLE_RING: RingNames = {
  ring: 'hal_sampleRing',
  written: 'hal_samplesWritten',
  ringBytes: 1 << 20,
  recordBytes: 256,
};

const PRINTED_COUNT = 20;
/** Where the processor sleeps. */
const HALT = /(^hal_|\.)idleUntil$/;

/** Where the program was for a while: functions, the innermost last. */
export interface Sample {
  readonly frames: readonly Frame[];
  readonly microseconds: number;
}

/** A function, and where it begins; `file` is empty for one of the C library or of Porffor's. */
export interface Frame {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** Returns the samples of a run. */
export const samplesOf = ({ pieces, entryStamp, hertz, names }: Recording): Sample[] => {
  const frames = new Map<string, Frame>();
  let before = entryStamp;
  return pieces.flatMap((piece) =>
    Array.from({ length: piece.length / SAMPLE_RING.recordBytes }, (_, index) => {
      const at = index * SAMPLE_RING.recordBytes;
      const stamp = Number(piece.readBigUInt64LE(at));
      const count = Number(piece.readBigUInt64LE(at + 8));
      const addresses = Array.from({ length: count }, (_, frame) => Number(piece.readBigUInt64LE(at + 16 + frame * 8)));
      const microseconds = ((stamp - before) / (hertz ?? 1e9)) * 1e6;
      before = stamp;
      return { frames: framesOf(addresses, names, frames), microseconds };
    }),
  );
};

/** What lies between functions that somebody wrote is left out, unless the program was in it. */
const framesOf = (addresses: readonly number[], names: ImageNames, known: Map<string, Frame>): Frame[] => {
  const frames: Frame[] = [];
  for (const [index, address] of addresses.entries()) {
    const place = names.placeOf(index === 0 ? address : address - 1);
    if (place === undefined || (place.function === '' && index > 0)) continue;
    const key = place.symbol;
    const frame = known.get(key) ?? frameOf(place, names);
    known.set(key, frame);
    frames.unshift(frame);
  }
  return frames;
};

const frameOf = ({ symbol, function: name }: Place, names: ImageNames): Frame => {
  const start = names.placeOf(names.addressOf(symbol));
  return { name: HALT.test(symbol) ? 'halted' : name || symbol, file: start?.file ?? '', line: start?.line ?? 0 };
};

/** A file of speedscope's: https://www.speedscope.app/file-format-schema.json */
export const speedscopeOf = (program: string, samples: readonly Sample[]): object => {
  const frames = [...new Set(samples.flatMap((sample) => sample.frames))];
  const index = new Map(frames.map((frame, position) => [frame, position]));
  return {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: 'hedyn',
    name: program,
    activeProfileIndex: 0,
    shared: { frames: frames.map(({ name, file, line }) => (file === '' ? { name } : { name, file, line })) },
    profiles: [
      {
        type: 'sampled',
        name: program,
        unit: 'microseconds',
        startValue: 0,
        endValue: samples.reduce((sum, { microseconds }) => sum + microseconds, 0),
        samples: samples.map((sample) => sample.frames.map((frame) => index.get(frame))),
        weights: samples.map(({ microseconds }) => microseconds),
      },
    ],
  };
};

/** Returns the functions that took most of the time that the processor did not sleep, as a table for people. */
export const profileTable = (samples: readonly Sample[]): string => {
  const awake = samples.filter(({ frames }) => frames.at(-1)?.name !== 'halted');
  const timeOf = (some: readonly Sample[]): number => some.reduce((sum, { microseconds }) => sum + microseconds, 0);
  const all = timeOf(awake);
  const own = new Map<Frame, number>();
  const total = new Map<Frame, number>();
  for (const { frames, microseconds } of awake) {
    const add = (times: Map<Frame, number>, frame: Frame): void =>
      void times.set(frame, (times.get(frame) ?? 0) + microseconds);
    const last = frames.at(-1);
    if (last !== undefined) add(own, last);
    for (const frame of new Set(frames)) add(total, frame);
  }
  const share = (time: number): string => `${((time / all) * 100).toFixed(1).padStart(5)} %`;
  const rows = [...total]
    .sort(([a], [b]) => (own.get(b) ?? 0) - (own.get(a) ?? 0) || (total.get(b) ?? 0) - (total.get(a) ?? 0))
    .slice(0, PRINTED_COUNT)
    .map(([frame, time]) => {
      const place = frame.file === '' ? '' : ` (${frame.file}:${frame.line})`;
      return `${share(own.get(frame) ?? 0)} ${share(time)}  ${frame.name}${place}`;
    });
  const seconds = (time: number): string => (time / 1e6).toFixed(2);
  return [
    `${samples.length} samples: ${seconds(all)} s of work, ${seconds(timeOf(samples) - all)} s halted`,
    '   itself   in all  function',
    ...rows,
  ].join('\n');
};

/** Runs the image, prints where its time went, and writes the flame graph into `folder`. Returns the exit status of the run. */
export const profileImage = async (program: string, folder: string, options: RunOptions): Promise<number> => {
  const { status, recording } = await recordRun(folder, SAMPLE_RING, options);
  if (recording === undefined) return status;
  const samples = samplesOf(recording);
  if (samples.length === 0) {
    console.log('the program ended before the first sample: one is taken every millisecond');
    return status;
  }
  const file = path.join(folder, `${program}.speedscope.json`);
  writeFileSync(file, JSON.stringify(speedscopeOf(program, samples)));
  console.log(profileTable(samples));
  console.log(`${path.relative('', file)}: open it at https://www.speedscope.app`);
  return status;
};
