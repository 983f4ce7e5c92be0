// The loads of the floor driver (../floor/floor.zig), done by Hedyn's: the same requests, the same lines.
//
//   load NAME REQUESTS TICKS DOORBELLS

import { consoleWrite } from '../../../kernel/hal/console.ts';
import { EXIT_SUCCESS, exit, panic } from '../../../kernel/hal/power.ts';
import { startDisk, ticksOf } from './disk.ts';
import { LOAD_DATA_LENGTH, LOAD_FAILED, LoadProgress, runLoad } from './loads-machine.ts';

/** Scattered reads never meet a neighbour within a batch: an odd number of 4 KiB blocks, so that all blocks are visited. */
const SCATTERED = 81001 * 8;

/** The same as in the floor driver. A batch is ahead when it is in the ring before the one before it is back: the queue has no room for two of 128. */
const LOADS = [
  { name: 'qd1-512', length: 512, depth: 1, batches: 1000, stride: SCATTERED, isAhead: false },
  { name: 'qd1-4k', length: 4096, depth: 1, batches: 1000, stride: SCATTERED, isAhead: false },
  { name: 'qd32-4k', length: 4096, depth: 32, batches: 128, stride: SCATTERED, isAhead: true },
  { name: 'qd32-4k-in-turn', length: 4096, depth: 32, batches: 128, stride: SCATTERED, isAhead: false },
  { name: 'qd128-4k', length: 4096, depth: 128, batches: 32, stride: SCATTERED, isAhead: false },
  { name: 'seq-1m', length: 1048576, depth: 1, batches: 64, stride: 2048, isAhead: false },
];
const SAMPLES_EACH = 3;

const { queue, requests, data } = startDisk(LOAD_DATA_LENGTH);
const progress = new LoadProgress();

for (const { name, length, depth, batches, stride, isAhead } of LOADS) {
  for (let sample = 0; sample < SAMPLES_EACH; sample++) {
    const rung = progress.doorbells;
    const nanoseconds = runLoad(queue, requests, progress, data, length, depth, batches, stride, isAhead);
    if (nanoseconds === LOAD_FAILED) panic(`${name}: a request failed`);
    consoleWrite(`load ${name} ${batches * depth} ${ticksOf(nanoseconds)} ${progress.doorbells - rung}\n`);
  }
}
exit(EXIT_SUCCESS);
