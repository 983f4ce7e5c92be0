// `make bench`: what the project promises, measured. `make bench FIGURE=qd128` measures the figures with that in their names.
//
//   bench NAME VALUE UNIT limit LIMIT ok|miss
//
// One line a figure, the median of several runs; build/bench.jsonl keeps every run of every figure. A miss is a result, not a failure: the exit
// status is 1 only when a figure could not be measured. docs/benchmarks.md says what each name means.

import { appendFileSync, mkdirSync } from 'node:fs';
import { chooseAccelerator } from '../../scripts/qemu/accelerator.ts';
import { inspectQemu } from '../../scripts/qemu/binary.ts';
import { ensureQemu } from '../../scripts/qemu/install.ts';
import { type Figure, formatFigure, isWithin, valueOf } from './figure.ts';
import { figures } from './figures.ts';

const RESULTS = 'build/bench.jsonl';
const CLEAR_LINE = '\r\x1b[K';

const run = async (wanted: string): Promise<number> => {
  const qemu = await inspectQemu(await ensureQemu(process.env.QEMU));
  const host = { date: new Date().toISOString(), qemu: qemu.version, accelerator: chooseAccelerator() };
  const chosen = (await figures(qemu.program)).filter(({ name }) => name.includes(wanted));
  if (chosen.length === 0) {
    console.error(`no figure has '${wanted}' in its name`);
    return 1;
  }
  mkdirSync('build', { recursive: true });
  let status = 0;
  for (const figure of chosen) if (!(await measure(figure, host))) status = 1;
  return status;
};

/** Measures one figure, prints it and keeps it. Returns whether it could be measured. */
const measure = async (figure: Figure, host: object): Promise<boolean> => {
  try {
    progress(figure.name);
    const samples = await figure.measure((text) => progress(`${figure.name}: ${text}`));
    const value = valueOf(figure, samples);
    endProgress();
    console.log(formatFigure(figure, value));
    const { name, unit, limit } = figure;
    const result = { ...host, name, value, unit, limit, ok: isWithin(figure, value), samples: samples.values };
    appendFileSync(RESULTS, `${JSON.stringify({ ...result, ...samples.detail })}\n`);
    return true;
  } catch (error) {
    endProgress();
    console.error(`bench ${figure.name}: not measured: ${error instanceof Error ? error.message : error}`);
    return false;
  }
};

/** What is being done, on a terminal's last line; it is gone when there is a result. */
const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`${CLEAR_LINE}${text}`);
};
const endProgress = (): void => {
  if (process.stderr.isTTY) process.stderr.write(CLEAR_LINE);
};

process.exitCode = await run(process.env.FIGURE ?? '');
