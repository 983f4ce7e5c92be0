// The block benchmark: brings the first disk up by the driver's own parts and prints nanoseconds a request, several times over.
//
//   submit 260
//   read 7900

import { consoleWrite } from '../../../kernel/hal/console.ts';
import { EXIT_SUCCESS, exit, panic } from '../../../kernel/hal/power.ts';
import { BENCH_FAILED, DEPTH, READ_LENGTH, timeReads, timeSubmits } from './blk-machine.ts';
import { startDisk } from './disk.ts';

const SAMPLE_COUNT = 9;
const ROUNDS = 100; // × 32 requests of 4 KiB: 12.5 MiB.

const report = (what: string, nanoseconds: number): void => {
  if (nanoseconds === BENCH_FAILED) panic(`${what}: a request failed`);
  consoleWrite(`${what} ${Math.round(nanoseconds / (ROUNDS * DEPTH))}\n`);
};

const { queue, requests, data } = startDisk(DEPTH * READ_LENGTH);

for (let sample = 0; sample < SAMPLE_COUNT; sample++) {
  report('submit', timeSubmits(queue, requests, data, ROUNDS));
  report('read', timeReads(queue, requests, data, ROUNDS));
}
exit(EXIT_SUCCESS);
