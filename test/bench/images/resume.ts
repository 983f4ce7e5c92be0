// Prints how long it takes from the entry of an interrupt until the function goes on that awaited the read, in nanoseconds, read by read. The disk must
// take longer than the loop spins (kernel/event/loop.ts), or there is no interrupt: that is an error.
//
//   resume 4210

import { openBlockDevice } from '../../../drivers/open/block.ts';
import { SECTOR_SIZE } from '../../../kernel/device/block.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { interruptLastTime } from '../../../kernel/hal/interrupts.ts';
import { panic } from '../../../kernel/hal/power.ts';

const READ_COUNT = 500;

const disk = await openBlockDevice();
const target = new Uint8Array(SECTOR_SIZE);
const samples: number[] = [];

for (let index = 0; index < READ_COUNT; index++) {
  const before = clockNow();
  await disk.readInto(0, target);
  const after = clockNow();
  const interrupted = interruptLastTime();
  if (interrupted > before) samples.push(after - interrupted);
}
if (samples.length < READ_COUNT / 2) panic(`only ${samples.length} of ${READ_COUNT} reads ended with an interrupt`);
for (const sample of samples) consoleWrite(`resume ${sample}\n`);
