// What the images block.ts and scsi.ts do with disks that are very large, or fail in the middle. Each function says in words what came of it.

import { equalBytes } from '../../../kernel/base/bytes.ts';
import type { BlockDevice } from '../../../kernel/device/block.ts';
import { patternOf } from './block-plan.ts';
import { outcomeOf } from './block-tasks.ts';

const SECTOR = 512;

/** Writes at both ends of a disk and in its middle, and beyond it. */
export const ends = async (disk: BlockDevice): Promise<string> => {
  const blockSectors = disk.blockSizeBytes / SECTOR;
  const last = disk.capacitySectors - blockSectors;
  const middle = Math.floor(last / 2 / blockSectors) * blockSectors;
  const places = [0, middle, last];
  await Promise.all(places.map((sector, index) => disk.write(sector, patternOf(disk.blockSizeBytes, 20 + index))));
  await disk.flush();
  let right = 0;
  for (let index = 0; index < places.length; index++) {
    const found = await disk.read(places[index]!, blockSectors);
    if (equalBytes(found, patternOf(disk.blockSizeBytes, 20 + index))) right++;
  }
  const beyond = await outcomeOf(disk.read(disk.capacitySectors, blockSectors));
  const across = await outcomeOf(disk.write(last, new Uint8Array(2 * disk.blockSizeBytes)));
  return `${disk.capacitySectors} sectors in blocks of ${disk.blockSizeBytes}, ${right} right, ${beyond},${across}`;
};

/** Uses a disk that has no sectors. */
export const empty = async (disk: BlockDevice): Promise<string> => {
  const outcomes = [
    await outcomeOf(disk.read(0, 1)),
    await outcomeOf(disk.read(0, 0)),
    await outcomeOf(disk.write(0, new Uint8Array(SECTOR))),
    await outcomeOf(disk.flush()),
  ];
  return `${disk.capacitySectors} sectors, ${outcomes.join()}`;
};

/** Writes what is several requests of the device, one of which the host lets fail once; then the same again. */
export const torn = async (disk: BlockDevice): Promise<string> => {
  const bytes = patternOf(600 * SECTOR, 30);
  const outcomes = [await outcomeOf(disk.write(0, bytes)), await outcomeOf(disk.write(0, bytes))];
  outcomes.push(await outcomeOf(disk.flush()), await outcomeOf(disk.flush()));
  return `${outcomes.join()}, ${equalBytes(await disk.read(0, 600), bytes)}`;
};

/** Writes where the host has no room, stops the machine, and lets it go on when it has. */
export const stopped = async (disk: BlockDevice): Promise<string> => {
  console.log('stopped: writes');
  const outcome = await outcomeOf(disk.write(200, patternOf(8 * SECTOR, 31)));
  return `${outcome}, ${equalBytes(await disk.read(200, 8), patternOf(8 * SECTOR, 31))}`;
};
