// `make bench`: what the project promises, measured.
//
//   bench NAME VALUE UNIT limit LIMIT ok|miss
//
// One line a figure, the median of several runs; build/bench.jsonl keeps every run of every figure. A miss is a result, not a failure: the exit
// status is 1 only when a figure could not be measured.

import { appendFileSync, mkdirSync } from 'node:fs';
import { chooseAccelerator } from '../../scripts/qemu/accelerator.ts';
import { inspectQemu } from '../../scripts/qemu/binary.ts';
import { ensureQemu } from '../../scripts/qemu/install.ts';
import { figures } from './figures.ts';

/** One promise. Lower is better. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly limit: number;
  /** Returns the samples. Throws when there is nothing to measure. */
  measure(): Promise<readonly number[]>;
}

const RESULTS = 'build/bench.jsonl';

/** Returns the middle sample; of an even number, the upper of the two in the middle. */
const median = (samples: readonly number[]): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('the median of no samples');
  return middle;
};

/** Returns the line for a person. */
const formatFigure = (figure: Figure, value: number): string =>
  `bench ${figure.name} ${Number(value.toPrecision(3))} ${figure.unit} limit ${figure.limit} ${value <= figure.limit ? 'ok' : 'miss'}`;

const run = async (): Promise<number> => {
  const qemu = await inspectQemu(await ensureQemu(process.env.QEMU));
  const host = { date: new Date().toISOString(), qemu: qemu.version, accelerator: chooseAccelerator() };
  mkdirSync('build', { recursive: true });
  let status = 0;
  for (const figure of figures(qemu.program)) {
    try {
      const samples = await figure.measure();
      const value = median(samples);
      console.log(formatFigure(figure, value));
      const { name, unit, limit } = figure;
      appendFileSync(
        RESULTS,
        `${JSON.stringify({ ...host, name, value, unit, limit, ok: value <= limit, samples })}\n`,
      );
    } catch (error) {
      console.error(`bench ${figure.name}: not measured: ${error instanceof Error ? error.message : error}`);
      status = 1;
    }
  }
  return status;
};

process.exitCode = await run();
