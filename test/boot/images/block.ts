// An image that does with disks what is not reading and writing, for block.test.ts. Each word of `tasks` is for the disk of that number:
//
//   tasks=content,errors,blocks,read-only,cache
//
// and the console says what came of it: `content: …`. Most tasks are in block-tasks.ts and block-faults.ts.

import { openBlockDevice } from '../../../drivers/open/block.ts';
import { equalBytes } from '../../../kernel/base/bytes.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { startLog } from '../../../kernel/base/log.ts';
import type { BlockDevice } from '../../../kernel/device/block.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { empty, ends, stopped, torn } from './block-faults.ts';
import { patternOf } from './block-plan.ts';
import { blocks, cache, content, errors, outcomeOf, readOnly } from './block-tasks.ts';

const SECTOR = 512;

startLog(consoleWrite, 'info');

/** Closes a disk, after which it takes nothing, and opens it again. */
const closed = async (disk: BlockDevice, index: number): Promise<string> => {
  const writing = disk.write(0, patternOf(SECTOR, 6));
  await disk.close();
  const outcomes = [await outcomeOf(writing), await outcomeOf(disk.read(0, 1)), await outcomeOf(disk.flush())];
  const again = await openBlockDevice({ index });
  return `${outcomes.join()}, ${equalBytes(await again.read(0, 1), patternOf(SECTOR, 6))}`;
};

/** Reads and writes through several queues, many at a time. */
const queues = async (disk: BlockDevice): Promise<string> => {
  let wrong = 0;
  const work = async (worker: number): Promise<void> => {
    for (let i = 0; i < 100; i++) {
      const sector = worker * 100 + i;
      await disk.write(sector, patternOf(SECTOR, sector % 251));
      if (!equalBytes(await disk.read(sector, 1), patternOf(SECTOR, sector % 251))) wrong++;
    }
  };
  const workers: Promise<void>[] = [];
  for (let worker = 0; worker < 32; worker++) workers.push(work(worker));
  await Promise.all(workers);
  return `${disk.featureNames.includes('MQ')}, ${wrong} wrong`;
};

const TASKS: Readonly<Record<string, (disk: BlockDevice, index: number) => Promise<string>>> = {
  content,
  errors,
  blocks,
  'read-only': readOnly,
  cache,
  closed,
  queues,
  empty,
  ends,
  stopped,
  torn,
};

const tasks = (findOption(readOptions(), 'tasks') ?? '').split(',');
for (let index = 0; index < tasks.length; index++) {
  const disk = await openBlockDevice(tasks[index] === 'queues' ? { index, queueCount: 4 } : { index });
  console.log(`${index} ${tasks[index]}: ${await TASKS[tasks[index]](disk, index)}`);
}
console.log('all done');
