// Reads a file of the first share from start to end, several times over: into an array, and into DMA memory. Prints nanoseconds a megabyte.
//
//   read 1200000
//   read-dma 600000

import { devicePool } from '../../../drivers/open/places.ts';
import { openShare } from '../../../drivers/open/share.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { DMA_ALLOCATE_FAILED, dmaAllocate } from '../../../kernel/hal/dma-pool.ts';
import { panic } from '../../../kernel/hal/power.ts';

const SAMPLE_COUNT = 5;
const LENGTH = 4 * 1024 * 1024;

const share = await openShare();
const file = await share.open('file');
const { size } = await file.stat();

const time = async (what: string, read: (position: number) => Promise<number>): Promise<void> => {
  const start: number = clockNow();
  for (let position = 0; position < size; ) {
    const count = await read(position);
    if (count === 0) panic(`${what}: the file has only ${position} bytes`);
    position += count;
  }
  console.log(`${what} ${Math.round((clockNow() - start) / (size / 1e6))}`);
};

const target = new Uint8Array(LENGTH);
const memory: number = dmaAllocate(devicePool(), LENGTH, 4096);
if (memory === DMA_ALLOCATE_FAILED) panic('there is no memory');
for (let sample = 0; sample < SAMPLE_COUNT; sample++) {
  await time('read', async (position) => (await file.read(target, 0, LENGTH, position)).bytesRead);
  await time('read-dma', (position) => file.readDma(memory, LENGTH, position));
}
await file.close();
await share.close();
