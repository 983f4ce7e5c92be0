// The polled side of the comparison: the loop of loads-machine.ts.
//
//   load NAME REQUESTS TICKS DOORBELLS

import { consoleWrite } from '../../../kernel/hal/console.ts';
import { panic } from '../../../kernel/hal/power.ts';
import { DEPTHS, LENGTH, nameOf, readsOf, SAMPLES_EACH, STRIDE_SECTORS } from './depths.ts';
import { startDisk, ticksOf } from './disk.ts';
import { LOAD_DATA_LENGTH, LOAD_FAILED, LoadProgress, runLoad } from './loads-machine.ts';

const { queue, requests, data } = startDisk(LOAD_DATA_LENGTH);
const progress = new LoadProgress();

for (const depth of DEPTHS) {
  for (let sample = 0; sample < SAMPLES_EACH; sample++) {
    const rung = progress.doorbells;
    const batches = readsOf(depth) / depth;
    const nanoseconds = runLoad(queue, requests, progress, data, LENGTH, depth, batches, STRIDE_SECTORS, false);
    if (nanoseconds === LOAD_FAILED) panic(`${nameOf(depth)}: a request failed`);
    consoleWrite(`load ${nameOf(depth)} ${readsOf(depth)} ${ticksOf(nanoseconds)} ${progress.doorbells - rung}\n`);
  }
}
