// Prints the guest instructions of one block request, for a QEMU with `-icount shift=0,sleep=off`: its time stamp counter counts them.
//
//   add 150.0
//   kick 12.0
//   pop 80.0

import { consoleWrite } from '../../../kernel/hal/console.ts';
import { EXIT_SUCCESS, exit, panic } from '../../../kernel/hal/power.ts';
import { startDisk, ticksOf } from './disk.ts';
import { countRequests, Spent } from './instructions-machine.ts';

/** More than a queue has elements, so that each place of the ring is used and the average has the wrap in it. */
const ROUNDS = 1024;
const DATA_LENGTH = 4096;

const { queue, requests, data } = startDisk(DATA_LENGTH);
const spent = new Spent();
if (!countRequests(queue, requests, spent, data, ROUNDS)) panic('a request failed');

const report = (part: string, nanoseconds: number): void => {
  consoleWrite(`${part} ${(ticksOf(nanoseconds - spent.clock) / ROUNDS).toFixed(1)}\n`);
};
report('add', spent.add);
report('kick', spent.kick);
report('pop', spent.pop);
exit(EXIT_SUCCESS);
