// What one block request costs, in time and in instructions.

import { withDisk } from './disk.ts';
import type { Figure, Samples } from './figure.ts';
import { COUNT_INSTRUCTIONS, expectSuccess, once, releaseOf, type Start, withRawDisk } from './guest.ts';

/** Room for the largest round of images/blk.ts. */
const DISK_BYTES = 32 * 1024 * 1024;

/** The parts of a request, in the order of its life. */
const PARTS = ['add', 'kick', 'pop'] as const;

/** Returns the figures of a request. */
export const requestFigures = (start: Start): Figure[] => {
  const times = once(() => timeRequests(start));
  const counts = once(() => countRequests(start));
  return [
    {
      name: 'blk-submit',
      unit: 'us',
      limit: 0.4,
      measure: async () => microsecondsOf(await times(), 'submit'),
    },
    {
      name: 'blk-read-4k-depth-32',
      unit: 'us',
      limit: 10,
      measure: async () => microsecondsOf(await times(), 'read'),
    },
    {
      name: 'request-instructions',
      unit: 'instructions',
      limit: 600,
      measure: async () => {
        const parts = await counts();
        const total = PARTS.reduce((sum, part) => sum + parts[part], 0);
        return { values: [total], detail: parts };
      },
    },
  ];
};

/** Runs images/blk.ts on a disk in memory, and returns what it printed. */
const timeRequests = async (start: Start): Promise<string> => {
  const image = await releaseOf('test/bench/images/blk.ts');
  return withRawDisk(DISK_BYTES, async (file) => expectSuccess(await start(image, { disks: [{ file }] })).text);
};

/** Returns in microseconds what the lines `NAME NANOSECONDS` say. */
const microsecondsOf = (text: string, name: string): Samples => ({
  values: [...text.matchAll(new RegExp(`^${name} (\\d+)$`, 'gm'))].map(([, nanoseconds]) => Number(nanoseconds) / 1000),
});

/** Runs images/instructions.ts, whose lines are `PART INSTRUCTIONS`. */
const countRequests = async (start: Start): Promise<Record<(typeof PARTS)[number], number>> => {
  const image = await releaseOf('test/bench/images/instructions.ts');
  const { text } = await withDisk({ backend: 'null-co', ioeventfd: false }, async (disk) => {
    const extra = [...(COUNT_INSTRUCTIONS.extra ?? []), ...disk];
    return expectSuccess(await start(image, { ...COUNT_INSTRUCTIONS, extra }));
  });
  const count = (part: string): number => {
    const found = new RegExp(`^${part} ([\\d.]+)$`, 'm').exec(text)?.[1];
    if (found === undefined) throw new Error(`the guest did not count '${part}':\n${text}`);
    return Number(found);
  };
  return { add: count('add'), kick: count('kick'), pop: count('pop') };
};
