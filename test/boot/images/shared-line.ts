// An image with two awaited disks, for virtio-interrupts.test.ts, which puts both on one interrupt line. Reads from one at a time and from both at
// once, asleep in between, then waits until somebody resizes the second.
//
//   info 0000:00:02.0 virtio-blk: interrupts: line 22
//   info 0000:00:06.0 virtio-blk: interrupts: line 22
//   reads: 120 of 120
//   resize?
//   grown by 2048

import { openBlockDevice } from '../../../drivers/open/block.ts';
import { startLog } from '../../../kernel/base/log.ts';
import type { BlockDevice } from '../../../kernel/device/block.ts';
import { sleep } from '../../../kernel/event/time.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';

const ROUND_COUNT = 30;
const SIGNATURE_OFFSET = 510;

/** Reads the first sector. Returns whether it is that of the test's disk. */
const readFirst = async (disk: BlockDevice): Promise<boolean> => {
  const bytes = await disk.read(0, 1);
  return bytes[SIGNATURE_OFFSET] === 0x55 && bytes[SIGNATURE_OFFSET + 1] === 0xaa;
};

const main = async (): Promise<void> => {
  startLog(consoleWrite, 'info');
  const first = await openBlockDevice({ index: 0 });
  const second = await openBlockDevice({ index: 1 });
  let right = 0;
  for (let round = 0; round < ROUND_COUNT; round++) {
    for (const disk of [first, second]) if (await readFirst(disk)) right++;
    await sleep(1);
    for (const isRight of await Promise.all([readFirst(first), readFirst(second)])) if (isRight) right++;
    await sleep(1);
  }
  console.log(`reads: ${right} of ${4 * ROUND_COUNT}`);

  const before = second.capacitySectors;
  const grown = new Promise<number>((resolve) => {
    const stop = second.onCapacityChange((sectors) => {
      stop();
      resolve(sectors - before);
    });
  });
  const alive = setTimeout(() => console.log('no interrupt for the resize'), 10_000); // A promise alone keeps no program alive.
  console.log('resize?');
  console.log(`grown by ${await grown}`);
  clearTimeout(alive);
};

await main();
