// The awaited side of the comparison: as many functions as reads are to be in flight, each of which awaits one read after the other. The option
// `depth` chooses one depth; without it, all have their turn.
//
//   load NAME REQUESTS TICKS INTERRUPTS

import { openBlockDevice } from '../../../drivers/open/block.ts';
import { devicePool } from '../../../drivers/open/places.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { dmaAllocate } from '../../../kernel/hal/dma-pool.ts';
import {
  chosenDepths,
  DEPTHS,
  deviceInterrupts,
  LENGTH,
  nameOf,
  readsOf,
  SAMPLES_EACH,
  STRIDE_SECTORS,
} from './depths.ts';
import { ticksOf } from './disk.ts';

const disk = await openBlockDevice();
const data = dmaAllocate(devicePool(), Math.max(...DEPTHS) * LENGTH, LENGTH);
let sector = 0;

const readInTurn = async (lane: number, count: number): Promise<void> => {
  for (let index = 0; index < count; index++) {
    sector = (sector + STRIDE_SECTORS) % disk.capacitySectors;
    await disk.readDma(sector, data + lane * LENGTH, LENGTH);
  }
};

const run = async (depth: number): Promise<void> => {
  const interruptsBefore = deviceInterrupts();
  const before = clockNow();
  const lanes: Promise<void>[] = [];
  for (let lane = 0; lane < depth; lane++) lanes.push(readInTurn(lane, readsOf(depth) / depth));
  await Promise.all(lanes);
  const nanoseconds = clockNow() - before;
  consoleWrite(
    `load ${nameOf(depth)} ${readsOf(depth)} ${ticksOf(nanoseconds)} ${deviceInterrupts() - interruptsBefore}\n`,
  );
};

for (const depth of chosenDepths()) for (let sample = 0; sample < SAMPLES_EACH; sample++) await run(depth);
