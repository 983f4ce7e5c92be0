// `make trace`: runs an image that notes what it does (kernel/hal/trace.ts), and writes it down as a file for ui.perfetto.dev and chrome://tracing.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { EVENT_BYTES, RING_BYTES } from '../machine/trace.ts';
import type { RunOptions } from '../qemu/run.ts';
import { type ChromeTrace, chromeTrace } from './chrome.ts';
import { type RingNames, recordRun } from './record.ts';

/** The ring of boot/trace.zig. */
export const TRACE_RING: RingNames = {
  ring: 'hal_traceRing',
  written: 'hal_traceWritten',
  ringBytes: RING_BYTES,
  recordBytes: EVENT_BYTES,
};

/** Runs the image and writes its trace into `folder`. Returns the exit status of the run. */
export const traceImage = async (program: string, folder: string, options: RunOptions): Promise<number> => {
  const { status, recording } = await recordRun(folder, TRACE_RING, options);
  if (recording !== undefined) writeTrace(path.join(folder, `${program}.json`), chromeTrace(program, recording));
  return status;
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
