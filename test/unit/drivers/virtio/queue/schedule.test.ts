import { describe, expect, it } from 'vitest';
import { REKICK_AFTER_NS, watch } from '../../../../../drivers/virtio/queue/queue.ts';
import { Queue } from '../../../../../drivers/virtio/queue/record.ts';
import { LAYOUTS } from './harness.ts';
import { Schedule, type ScheduleOptions } from './schedule.ts';

/** SEED repeats a run, STEPS makes it longer: STEPS=100000 is 24 million in all. */
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const STEPS = Number(process.env['STEPS'] ?? 2_500);

const SIZES = [1, 2, 3, 4, 5, 7, 8, 16, 256];
const FLAGS = [false, true];

/** Every combination of what can be negotiated, on every size. */
const combinations = (packed: boolean): ScheduleOptions[] =>
  SIZES.filter((size) => packed || (size & (size - 1)) === 0).flatMap((size) =>
    FLAGS.flatMap((eventIndex) =>
      FLAGS.flatMap((inOrder) =>
        [0, Math.min(4, size)].flatMap((tableLength) =>
          [0, 6].map((storeBuffer) => ({ packed, size, eventIndex, inOrder, tableLength, storeBuffer, seed: SEED })),
        ),
      ),
    ),
  );

const queue = new Queue();

describe.each(LAYOUTS)(`a $name queue agrees with its device (SEED=${SEED})`, ({ packed }) => {
  it.each(SIZES.filter((size) => packed || (size & (size - 1)) === 0))('with %i elements', (size) => {
    for (const options of combinations(packed).filter((each) => each.size === size)) {
      const schedule = new Schedule(options, queue);
      for (let step = 0; step < STEPS; step++) {
        schedule.step();
        if (schedule.isKickLost) schedule.fail(`step ${step}: a kick is lost`);
      }
      expect(schedule.popped).toBeGreaterThan(STEPS / 20);
    }
  });
});

describe.each(LAYOUTS)('W2: a $name queue loses no kick', ({ packed }) => {
  const options = { packed, size: 4, eventIndex: true, storeBuffer: 6 };

  /** Returns the schedule of the first of many seeds in which a kick is lost; undefined when there is none. */
  const firstLost = (fenceWorks: boolean, trustsSuppression: boolean): Schedule | undefined => {
    for (let seed = SEED; seed < SEED + 200; seed++) {
      const schedule = new Schedule({ ...options, fenceWorks, sleeps: fenceWorks, trustsSuppression, seed }, queue);
      for (let step = 0; step < 300; step++) {
        schedule.step();
        if (schedule.isKickLost) return schedule;
      }
    }
    return undefined;
  };

  it('nor an interrupt, where a fence is one', () => {
    expect(firstLost(true, true)).toBeUndefined();
  });

  it('nor where it is none, as in an emulator, because it then notifies always', () => {
    expect(firstLost(false, false)).toBeUndefined();
  });

  it('and should one be lost all the same, the watchdog brings it back and ends the trust', () => {
    const schedule = firstLost(false, true);
    if (schedule === undefined) throw new Error(`SEED=${SEED}: without a fence no kick was lost`);
    const { queue: lost, worker } = schedule;
    const before = lost.rekickCount;
    expect(watch(lost, 1)).toBe(false);
    expect(watch(lost, 1 + REKICK_AFTER_NS)).toBe(true);
    worker.notify();
    expect([schedule.isKickLost, lost.rekickCount, lost.trustsSuppression]).toEqual([false, before + 1, false]);
    expect(worker.take()).toBe(true);
  });
});
