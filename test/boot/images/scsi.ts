// An image that uses the disks of a SCSI bus, for scsi.test.ts. Each word of `tasks` is for the disk of that number, in the order of the bus:
//
//   tasks=content,errors,cd,plug
//
// and the console says what came of it. Tasks of any disk are in block-tasks.ts and block-faults.ts. `plug` is for no disk: it waits for one to come and go.

import { devicePool } from '../../../drivers/open/places.ts';
import { openScsi } from '../../../drivers/open/scsi.ts';
import { equalBytes } from '../../../kernel/base/bytes.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { hex } from '../../../kernel/base/hex.ts';
import { startLog } from '../../../kernel/base/log.ts';
import { type ScsiDisk, ScsiFailure } from '../../../kernel/device/scsi.ts';
import { sleep } from '../../../kernel/event/time.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { dmaReadBytes, dmaWriteBytes } from '../../../kernel/hal/dma.ts';
import { dmaAllocate, dmaFree, dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { empty, ends, stopped, torn } from './block-faults.ts';
import { patternOf } from './block-plan.ts';
import { blocks, cache, content, errors, outcomeOf, readOnly } from './block-tasks.ts';

const SECTOR = 512;

startLog(consoleWrite, 'info');

const free: number = dmaFreeBytes(devicePool());
const options = readOptions();
const bus = await openScsi({ deadlineMs: Number(findOption(options, 'deadline') ?? '10000') });

/** Reads and writes from 64 workers at a time, each with memory of its own, and as many with arrays. */
const load = async (disk: ScsiDisk): Promise<string> => {
  let wrong = 0;
  const work = async (worker: number): Promise<void> => {
    const memory: number = dmaAllocate(devicePool(), 4096, 4096);
    const found = new Uint8Array(4096);
    for (let i = 0; i < 4; i++) {
      const sector = (worker * 4 + i) * 16;
      const bytes = patternOf(4096, (worker * 7 + i) % 251);
      dmaWriteBytes(memory, bytes);
      await Promise.all([disk.writeDma(sector, memory, 4096), disk.write(sector + 8, bytes)]);
      dmaWriteBytes(memory, new Uint8Array(4096));
      const [, read] = await Promise.all([disk.readDma(sector + 8, memory, 4096), disk.read(sector, 8)]);
      dmaReadBytes(memory, found);
      if (!equalBytes(found, bytes) || !equalBytes(read, bytes)) wrong++;
    }
    dmaFree(devicePool(), memory, 4096);
  };
  const workers: Promise<void>[] = [];
  for (let worker = 0; worker < 64; worker++) workers.push(work(worker));
  await Promise.all(workers);
  return `${wrong} wrong`;
};

/** Says why reads of three sectors fail. */
const sense = async (disk: ScsiDisk): Promise<string> => {
  const texts: string[] = [];
  for (const promise of [disk.read(100, 1), disk.write(200, new Uint8Array(SECTOR)), disk.read(300, 8)]) {
    try {
      await promise;
      texts.push('done');
    } catch (error) {
      texts.push(error instanceof ScsiFailure ? `${error.kind}: ${error.sense.text}` : String(error));
    }
  }
  return texts.join('; ');
};

/** Says what is in a drive; then waits until it is empty, and until something else is in it. */
const cd = async (disk: ScsiDisk): Promise<string> => {
  const said = `${disk.kind}, ${disk.capacitySectors} sectors in blocks of ${disk.blockSizeBytes}`;
  const refused = [await outcomeOf(disk.write(0, new Uint8Array(2048))), await outcomeOf(disk.read(1, 1))];
  const changes: string[] = [];
  disk.onMediumChange((hasMedium) => changes.push(hasMedium ? 'in' : 'out'));
  console.log(`cd: ${hex((await disk.read(4, 4))[0]!, 2)}`);
  while (await disk.checkMedium()) await sleep(10);
  console.log(`cd: ${await outcomeOf(disk.read(0, 4))}`);
  while (!(await disk.checkMedium())) await sleep(10);
  const now = hex((await disk.read(4, 4))[0]!, 2);
  return `${said}, ${refused.join()}, ${changes.join()}, then ${disk.capacitySectors} sectors with ${now}`;
};

/** Reads from a disk that takes too long, and from the one behind it while it does and afterwards. */
const late = async (disk: ScsiDisk): Promise<string> => {
  const [, other] = bus.disks;
  const outcomes = await Promise.all([outcomeOf(disk.read(0, 8)), outcomeOf(other!.read(0, 8))]);
  return `${outcomes.join()}, then ${await outcomeOf(other!.read(0, 8))}`;
};

/** Waits for a disk, uses it, and waits until it is taken out while it is in use. */
const plug = async (): Promise<string> => {
  const keepAlive = setInterval(() => {}, 1000);
  const plugged = await new Promise<ScsiDisk>((resolve) => {
    bus.onChange((each, isThere) => {
      console.log(`${isThere ? 'plugged' : 'unplugged'} ${each.target}:${each.lun} ${each.serialNumber}`);
      if (isThere) resolve(each);
    });
    console.log('plug: waits');
  });
  await plugged.write(0, patternOf(64 * SECTOR, 9));
  await plugged.flush();
  console.log(`plug: ${bus.disks.includes(plugged)}`);
  let kind = 'done';
  while (kind === 'done') kind = await outcomeOf(plugged.read(0, 64));
  clearInterval(keepAlive);
  const again = await outcomeOf(plugged.read(0, 64));
  return `${kind}, ${again}, ${bus.disks.includes(plugged)}`;
};

const TASKS: Readonly<Record<string, (disk: ScsiDisk) => Promise<string>>> = {
  content,
  errors,
  blocks,
  'read-only': readOnly,
  cache,
  load,
  empty,
  ends,
  stopped,
  torn,
  sense,
  cd,
  late,
  plug,
};

for (const disk of bus.disks) {
  const { target, lun, kind, vendor, product, serialNumber, ids } = disk;
  console.log(`${target}:${lun} ${kind} ${vendor} ${product} ${serialNumber} ${ids.join()}`);
}
const tasks = (findOption(options, 'tasks') ?? '').split(',');
for (let index = 0; index < tasks.length; index++) {
  const task = tasks[index]!;
  console.log(`${index} ${task}: ${await TASKS[task]!(bus.disks[index]!)}`);
}
await bus.close();
console.log(`memory: ${dmaFreeBytes(devicePool()) === free ? 'all back' : 'some is missing'}`);
