import { describe, expect, it } from 'vitest';
import {
  TRACE_COMPLETED,
  TRACE_HALT,
  TRACE_OWN,
  TRACE_PUBLISHED,
  TRACE_QUEUE,
  TRACE_STATUS,
  TRACE_TASK,
  TRACE_TASK_END,
} from '../../../../kernel/hal/trace.ts';
import { EVENT_BYTES } from '../../../../scripts/machine/trace.ts';
import { type ChromeTrace, chromeTrace } from '../../../../scripts/trace/chrome.ts';
import type { ImageNames } from '../../../../scripts/trace/names.ts';

const NAMES: ImageNames = {
  placeOf: () => undefined,
  functionOf: (number) => (number === 7 ? { function: 'seven', symbol: 'p7_seven', file: 'a.ts', line: 3 } : undefined),
  textAt: () => '',
  addressOf: () => 0,
};

/** A trace of events at stamps 100, 101, …, of a counter of 1 MHz that was 100 at kernel entry. */
const traceOf = (...events: readonly (readonly number[])[]): ChromeTrace => {
  const piece = Buffer.alloc(events.length * EVENT_BYTES);
  for (const [index, [kind, a, b, c]] of events.entries()) {
    const at = index * EVENT_BYTES;
    piece.writeBigUInt64LE(BigInt(100 + index), at);
    piece.writeUInt32LE(kind!, at + 8);
    piece.writeUInt32LE(a ?? 0, at + 12);
    piece.writeBigUInt64LE(BigInt(b ?? 0), at + 16);
    piece.writeBigUInt64LE(BigInt(c ?? 0), at + 24);
  }
  return chromeTrace('program', { pieces: [piece], lostCount: 0, entryStamp: 100, hertz: 1e6, names: NAMES });
};

const shown = ({ traceEvents }: ChromeTrace): string[] =>
  traceEvents
    .filter(({ ph, tid }) => ph !== 'M' && !(ph === 'X' && tid === 1))
    .map(({ name, ph, ts, dur, args }) => `${ts} ${ph} ${name} ${dur ?? ''} ${JSON.stringify(args)}`);

const MEMORY = 4096;
const QUEUE = [
  [TRACE_STATUS, 2 * 256 + 4, 0x10, 0],
  [TRACE_QUEUE, MEMORY, 0x10 * 65536 + 3, 0],
] as const;

describe('a trace', () => {
  it('pairs each chain of a batch with its return, in any order', () => {
    const trace = traceOf(
      ...QUEUE,
      [TRACE_PUBLISHED, MEMORY, 5, 2],
      [TRACE_COMPLETED, MEMORY, 6, 512],
      [TRACE_COMPLETED, MEMORY, 5, 1],
    );
    const chains = trace.traceEvents.filter(({ cat }) => cat === 'virtqueue');
    expect(chains.map(({ ph, id, ts }) => `${ph} ${id} ${ts}`)).toEqual(['b 0x1 2', 'b 0x2 2', 'e 0x2 3', 'e 0x1 4']);
    expect(new Set(chains.map(({ name }) => name))).toEqual(new Set(['queue 3']));
    expect(trace.traceEvents.find(({ pid, name }) => pid === chains[0]!.pid && name === 'process_name')?.args).toEqual({
      name: '0000:00:02.0 virtio-blk',
    });
  });

  it('ends a chain that did not come back, and one whose queue was made anew', () => {
    const trace = traceOf(
      ...QUEUE,
      [TRACE_PUBLISHED, MEMORY, 0, 1],
      QUEUE[1],
      [TRACE_PUBLISHED, MEMORY, 0, 1],
      [TRACE_HALT],
    );
    const ends = trace.traceEvents.filter(({ ph }) => ph === 'e').map(({ ts, args }) => `${ts} ${args?.['returned']}`);
    expect(ends).toEqual(['3 the queue was made anew', '5 not before the end of the trace']);
  });

  it('leaves out the return of a chain whose beginning is lost, and the end of such a task', () => {
    expect(shown(traceOf(...QUEUE, [TRACE_COMPLETED, MEMORY, 9, 1], [TRACE_TASK_END]))).toEqual([
      '0 i DRIVER_OK  {"status":4}',
    ]);
  });

  it('names a task by its function, and shows events of the program', () => {
    expect(shown(traceOf([TRACE_TASK, 1, 7, 0], [TRACE_OWN + 1, 1, 2, 3], [TRACE_TASK_END]))).toEqual([
      '0 X seven 2 {"task":"timer","at":"a.ts:3"}',
      '1 i event 1001  {"a":1,"b":2,"c":3}',
    ]);
  });
});
