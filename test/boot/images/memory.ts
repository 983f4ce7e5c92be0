// Opens a memory device, and uses all memory that there is, plugged memory last:
//
//   until=N      when N MiB are plugged, it says so; several numbers one after the other
//   fill=N       then all free memory but N MiB is used, and looked at
//   then=N       then what is plugged is looked at again, when the host wants N MiB

import { openMemory } from '../../../drivers/open/memory.ts';
import { devicePool } from '../../../drivers/open/places.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { startLog } from '../../../kernel/base/log.ts';
import { sleep } from '../../../kernel/event/time.ts';
import { dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { memoryFree, memoryTotal } from '../../../kernel/hal/memory.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { fillPattern, hasPattern, isZero } from './balloon-machine.ts';

const MIB = 1024 * 1024;
const POLL_MS = 20;
const ARRAY_LENGTH = 32 * MIB;

const options = readOptions();
startLog((line) => console.log(line.trimEnd()), 'info');
const kept: Uint8Array[] = [];
const mib = (bytes: number): string => (bytes / MIB).toFixed(0);

const free = dmaFreeBytes(devicePool());
const before = memoryTotal();
const memory = await openMemory();
console.log(`${memory.name}: ${memory.featureNames.join(' ')}; node ${memory.node}`);

/** Waits until so much is plugged and the host wants so much, and says what there is. */
const until = async (sizeMib: number, wishMib: number): Promise<void> => {
  for (;;) {
    await memory.settled();
    const { sizeBytes, wishBytes, blockBytes, usableBytes } = memory.statistics();
    if (sizeBytes === sizeMib * MIB && wishBytes === wishMib * MIB) {
      const states: string[] = [];
      const count = sizeBytes / blockBytes;
      if (count > 0) states.push(await memory.stateOf(0, count));
      if (usableBytes > sizeBytes) states.push(await memory.stateOf(count, 1));
      console.log(`plugged: ${sizeMib} MiB, total ${mib(memoryTotal() - before)} more, ${states.join(' ')}`);
      return;
    }
    await sleep(POLL_MS);
  }
};

/** Uses memory until only so much is free. */
const fill = (keepBytes: number): void => {
  let areZero = true;
  let length = 0;
  while (memoryFree() > keepBytes + MIB) {
    const bytes = new Uint8Array(Math.min(ARRAY_LENGTH, memoryFree() - keepBytes));
    areZero = areZero && isZero(bytes);
    fillPattern(bytes, kept.length);
    kept.push(bytes);
    length += bytes.length;
  }
  console.log(`used: ${mib(length)} MiB, ${areZero ? 'zero' : 'NOT ZERO'}, ${mib(memoryFree())} free`);
};

const look = (): void =>
  console.log(`looked: ${kept.every((bytes, seed) => hasPattern(bytes, seed)) ? 'all is kept' : 'LOST'}`);

for (const size of (findOption(options, 'until') ?? '').split(','))
  if (size !== '') await until(Number(size), Number(size));
const fillMib = findOption(options, 'fill');
if (fillMib !== undefined) {
  fill(Number(fillMib) * MIB);
  look();
}
const thenMib = findOption(options, 'then');
if (thenMib !== undefined) {
  while (memory.statistics().wishBytes !== Number(thenMib) * MIB) {
    await sleep(POLL_MS);
    await memory.settled();
  }
  await memory.settled();
  console.log(`in use: ${mib(memory.statistics().sizeBytes)} MiB`);
  look();
}
await memory.close();
const { sizeBytes } = memory.statistics();
console.log(`closed, ${free - dmaFreeBytes(devicePool())} bytes of memory are missing, ${mib(sizeBytes)} MiB stay`);
