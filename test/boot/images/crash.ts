// Writes numbered blocks and flushes them, for ever. The test kills QEMU meanwhile, and looks for all that was flushed in the host's file. What the console says
// holds of all blocks below that number:
//
//   flushed 1234
//
// `bus=scsi` takes the first disk of a SCSI bus.

import { openBlockDevice } from '../../../drivers/open/block.ts';
import { openScsi } from '../../../drivers/open/scsi.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { startLog } from '../../../kernel/base/log.ts';
import { type BlockDevice, SECTOR_SIZE } from '../../../kernel/device/block.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { BLOCK_BYTES, fillBlock } from './crash-block.ts';
import { AHEAD_MAX, placeOfBlock } from './crash-plan.ts';

const WRITER_COUNT = 16;

startLog(consoleWrite, 'info');

const open = async (): Promise<BlockDevice> => {
  if (findOption(readOptions(), 'bus') !== 'scsi') return openBlockDevice();
  const { disks } = await openScsi();
  return disks[0]!;
};

const disk = await open();
console.log(`cache ${disk.writeCache}`);

let next = 0;
/** All blocks below are written. */
let written = 0;
/** All below are flushed. */
let flushed = 0;
/** Which of those that are not below `written` are written, by the number modulo AHEAD_MAX. */
const isWritten = new Uint8Array(AHEAD_MAX);

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const writeOn = async (): Promise<void> => {
  const bytes = new Uint8Array(BLOCK_BYTES);
  for (;;) {
    while (next - flushed >= AHEAD_MAX) await nextTurn();
    const number = next++;
    fillBlock(bytes, number);
    await disk.write((placeOfBlock(number) * BLOCK_BYTES) / SECTOR_SIZE, bytes);
    isWritten[number % AHEAD_MAX] = 1;
    while (isWritten[written % AHEAD_MAX] === 1) isWritten[written++ % AHEAD_MAX] = 0;
  }
};

const flushOn = async (): Promise<void> => {
  for (;;) {
    const before = written;
    await disk.flush();
    if (before > flushed) console.log(`flushed ${before}`);
    flushed = before;
    await nextTurn();
  }
};

const all: Promise<void>[] = [flushOn()];
for (let writer = 0; writer < WRITER_COUNT; writer++) all.push(writeOn());
await Promise.all(all);
