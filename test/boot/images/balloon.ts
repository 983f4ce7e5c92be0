// Opens the balloon, and does with memory what the host's wishes ask for:
//
//   use=N          when the balloon is empty again: N MiB are used, and looked at
//   press=N        when the balloon is larger than memory allows: N MiB more than are free are used
//   report=N       when N MiB were reported as free: some are used, and looked at
//   hint=N         the same for pages that were hinted; it goes on until they are free again
//   linger=N       it ends N milliseconds later
//   reports=off    free pages are not reported

import { openBalloon } from '../../../drivers/open/balloon.ts';
import { devicePool } from '../../../drivers/open/places.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { startLog } from '../../../kernel/base/log.ts';
import type { BalloonStatistics } from '../../../kernel/device/balloon.ts';
import { sleep } from '../../../kernel/event/time.ts';
import { dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { memoryFree } from '../../../kernel/hal/memory.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { fillPattern, hasPattern, isZero } from './balloon-machine.ts';

const MIB = 1024 * 1024;
const POLL_MS = 20;

const options = readOptions();
startLog((line) => console.log(line.trimEnd()), 'info');

const mib = (bytes: number): string => (bytes / MIB).toFixed(1);

const kept: Uint8Array[] = [];
const free = dmaFreeBytes(devicePool());
const freeBefore = memoryFree();
const balloon = await openBalloon({ reports: findOption(options, 'reports') !== 'off', keepFreeBytes: 8 * MIB });

/** Waits until the balloon is so that `isReached`, and says how it is. */
const until = async (isReached: (statistics: BalloonStatistics) => boolean): Promise<void> => {
  for (;;) {
    await balloon.settled();
    if (isReached(balloon.statistics())) break;
    await sleep(POLL_MS);
  }
  const { sizeBytes, wishBytes, freeBytes } = balloon.statistics();
  console.log(`balloon: ${mib(sizeBytes)} of ${mib(wishBytes)} MiB, ${mib(freeBytes)} free`);
};

/** Uses memory for ever. */
const use = (length: number): void => {
  const bytes = new Uint8Array(length);
  const wasZero = isZero(bytes);
  fillPattern(bytes, kept.length);
  kept.push(bytes);
  const areRight = kept.every((each, seed) => hasPattern(each, seed));
  console.log(`used: ${mib(length)} MiB, ${wasZero ? 'zero' : 'NOT ZERO'}, ${areRight ? 'kept' : 'LOST'}`);
};

console.log(`${balloon.name}: ${balloon.featureNames.join(' ')}`);
console.log(`ready, ${mib(freeBefore)} MiB free`);

const useMib = findOption(options, 'use');
if (useMib !== undefined) {
  await until(({ sizeBytes, wishBytes }) => sizeBytes > 0 && sizeBytes === wishBytes);
  await until(({ sizeBytes }) => sizeBytes === 0);
  use(Number(useMib) * MIB);
}

const pressMib = findOption(options, 'press');
if (pressMib !== undefined) {
  await until(({ sizeBytes, wishBytes }) => sizeBytes > 0 && sizeBytes < wishBytes);
  use(memoryFree() + Number(pressMib) * MIB);
  await until(({ lentBytes }) => lentBytes > 0);
  console.log(`lent: ${mib(balloon.statistics().lentBytes)} MiB`);
}

const reportMib = findOption(options, 'report');
if (reportMib !== undefined) {
  await until(({ reportedBytes }) => reportedBytes >= Number(reportMib) * MIB);
  use(16 * MIB);
}

const hintMib = findOption(options, 'hint');
if (hintMib !== undefined) {
  await until(({ hintedBytes }) => hintedBytes >= Number(hintMib) * MIB);
  use(16 * MIB);
  await until(({ freeBytes }) => freeBytes >= Number(hintMib) * MIB); // The host is done with them.
}

await sleep(Number(findOption(options, 'linger') ?? 0));
const { totalBytes } = balloon.statistics();
await balloon.close();
const missing = free - dmaFreeBytes(devicePool());
console.log(`closed, ${missing} bytes of memory are missing, ${mib(totalBytes)} MiB were ours`);
