// The awaited side of the comparison, batch by batch as the polled one: one `await` for as many reads as are to be in flight. The option `depth`
// chooses one depth; without it, all have their turn.
//
//   load NAME REQUESTS TICKS INTERRUPTS

import { openBlockDevice } from '../../../drivers/open/block.ts';
import { devicePool } from '../../../drivers/open/places.ts';
import { BlockPlaces } from '../../../kernel/device/block-places.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { dmaAllocate } from '../../../kernel/hal/dma-pool.ts';
import { chosenDepths, deviceInterrupts, LENGTH, nameOf, readsOf, SAMPLES_EACH, STRIDE_SECTORS } from './depths.ts';
import { spreadPlaces } from './depths-machine.ts';
import { ticksOf } from './disk.ts';

/** The polled loop has its pieces of memory as far apart, for the byte of the status behind each. */
const STRIDE_BYTES = 2 * LENGTH;

const disk = await openBlockDevice();
const depths = chosenDepths();
const data = dmaAllocate(devicePool(), Math.max(...depths) * STRIDE_BYTES, LENGTH);
const places = new BlockPlaces();

const run = async (depth: number): Promise<void> => {
  const interruptsBefore = deviceInterrupts();
  const before = clockNow();
  let sector: number = 0;
  for (let batch = 0; batch < readsOf(depth) / depth; batch++) {
    sector = spreadPlaces(places, STRIDE_BYTES, depth, sector, STRIDE_SECTORS, disk.capacitySectors);
    await disk.readManyDma(places, data, LENGTH);
  }
  const nanoseconds = clockNow() - before;
  const interrupts = deviceInterrupts() - interruptsBefore;
  consoleWrite(`load ${nameOf(depth)} ${readsOf(depth)} ${ticksOf(nanoseconds)} ${interrupts}\n`);
};

for (const depth of depths) for (let sample = 0; sample < SAMPLES_EACH; sample++) await run(depth);
