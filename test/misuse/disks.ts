// Wrong calls of disks, and of the bytes above them.

import { type BlockDevice, DMA_PIECE_COUNT_MAX } from '../../kernel/device/block.ts';
import type { BlockBytes } from '../../kernel/device/block-bytes.ts';
import { addPlace, BlockPlaces, clearPlaces } from '../../kernel/device/block-places.ts';
import type { ScsiBus, ScsiDisk } from '../../kernel/device/scsi.ts';
import { dmaLength } from '../../kernel/hal/dma.ts';
import { ends, listens, noCount, noNumber, type RightCall, right, type Table, type WrongCall, wrong } from './table.ts';

/** Sectors of the disk. */
export const SECTORS = 64;

const BLOCK = 512;

/** A disk that is open, and 4 KiB of DMA memory. */
export interface DiskBag {
  readonly disk: BlockDevice;
  readonly bytes: BlockBytes;
  readonly memory: number;
}

/** A disk on a bus. */
export interface UnitBag extends DiskBag {
  readonly bus: ScsiBus;
  readonly disk: ScsiDisk;
}

type At = readonly [name: string, call: (bag: DiskBag, at: number) => unknown];
type Arrays = readonly [name: string, call: (bag: DiskBag, bytes: Uint8Array) => unknown];
type Places = readonly [name: string, call: (bag: DiskBag, offset: number, length: number) => unknown];

const block = new Uint8Array(BLOCK);

/** Returns places on a disk, with so many bytes of memory each. */
const placesAt = (strideBytes: number, ...sectors: readonly number[]): BlockPlaces => {
  const places = new BlockPlaces();
  clearPlaces(places, strideBytes);
  for (const sector of sectors) addPlace(places, sector);
  return places;
};

const READS: readonly At[] = [
  ['disk.read', ({ disk }, sector) => disk.read(sector, 1)],
  ['disk.readInto', ({ disk }, sector) => disk.readInto(sector, block)],
  ['disk.readDma', ({ disk, memory }, sector) => disk.readDma(sector, memory, BLOCK)],
  ['disk.readv', ({ disk }, sector) => disk.readv(sector, [block])],
  ['disk.readvDma', ({ disk, memory }, sector) => disk.readvDma(sector, [{ offset: memory, length: BLOCK }])],
];

const WRITES: readonly At[] = [
  ['disk.write', ({ disk }, sector) => disk.write(sector, block)],
  ['disk.writeDma', ({ disk, memory }, sector) => disk.writeDma(sector, memory, BLOCK)],
  ['disk.writev', ({ disk }, sector) => disk.writev(sector, [block])],
  ['disk.writevDma', ({ disk, memory }, sector) => disk.writevDma(sector, [{ offset: memory, length: BLOCK }])],
  ['disk.discard', ({ disk }, sector) => disk.discard(sector, 1)],
  ['disk.writeZeroes', ({ disk }, sector) => disk.writeZeroes(sector, 1)],
  ['disk.secureErase', ({ disk }, sector) => disk.secureErase(sector, 1)],
];

const WRITE_MANY = 'disk.writeManyDma';

/** By the number of sectors. */
const COUNTED: readonly At[] = [
  ['disk.read', ({ disk }, count) => disk.read(0, count)],
  ['disk.discard', ({ disk }, count) => disk.discard(0, count)],
  ['disk.writeZeroes', ({ disk }, count) => disk.writeZeroes(0, count)],
  ['disk.secureErase', ({ disk }, count) => disk.secureErase(0, count)],
];

const ARRAYS: readonly Arrays[] = [
  ['disk.readInto', ({ disk }, bytes) => disk.readInto(0, bytes)],
  ['disk.readv', ({ disk }, bytes) => disk.readv(0, [bytes])],
  ['disk.write', ({ disk }, bytes) => disk.write(0, bytes)],
  ['disk.writev', ({ disk }, bytes) => disk.writev(0, [bytes])],
];

const PLACES: readonly Places[] = [
  ['disk.readDma', ({ disk }, offset, length) => disk.readDma(0, offset, length)],
  ['disk.writeDma', ({ disk }, offset, length) => disk.writeDma(0, offset, length)],
  ['disk.readManyDma', ({ disk }, offset, length) => disk.readManyDma(placesAt(0, 0), offset, length)],
  ['disk.writeManyDma', ({ disk }, offset, length) => disk.writeManyDma(placesAt(0, 0), offset, length)],
  ['disk.readvDma', ({ disk }, offset, length) => disk.readvDma(0, [{ offset, length }])],
  ['disk.writevDma', ({ disk }, offset, length) => disk.writevDma(0, [{ offset, length }])],
];

const wrongAt = ([name, call]: At): WrongCall<DiskBag>[] => [
  ...noNumber(`${name} from sector`, 'out-of-range', call),
  wrong(`${name} from the sector behind the last`, 'out-of-range', (bag) => call(bag, SECTORS)),
];

const wrongCount = ([name, call]: At): WrongCall<DiskBag>[] => [
  ...noNumber(`${name} of sectors`, 'out-of-range', call),
  wrong(`${name} of no sectors`, 'misaligned', (bag) => call(bag, 0)),
  wrong(`${name} of a sector more than there are`, 'out-of-range', (bag) => call(bag, SECTORS + 1)),
];

const wrongArray = ([name, call]: Arrays): WrongCall<DiskBag>[] => [
  wrong(`${name} of no bytes`, 'misaligned', (bag) => call(bag, new Uint8Array(0))),
  wrong(`${name} of 513 bytes`, 'misaligned', (bag) => call(bag, new Uint8Array(513))),
  wrong(`${name} of more than there is`, 'out-of-range', (bag) => call(bag, new Uint8Array((SECTORS + 1) * BLOCK))),
];

const wrongPlace = ([name, call]: Places): WrongCall<DiskBag>[] => [
  ...noNumber(`${name} at`, 'invalid-argument', (bag: DiskBag, offset) => call(bag, offset, BLOCK)),
  wrong(`${name} at the end of memory`, 'invalid-argument', (bag) => call(bag, dmaLength() - 256, BLOCK)),
  ...noNumber(`${name} of length`, 'out-of-range', (bag: DiskBag, length) => call(bag, bag.memory, length)),
  wrong(`${name} of 100 bytes`, 'misaligned', (bag) => call(bag, bag.memory, 100)),
  wrong(`${name} of no bytes`, 'misaligned', (bag) => call(bag, bag.memory, 0)),
];

const wrongOnes = (): WrongCall<DiskBag>[] => [
  ...[...READS, ...WRITES].flatMap(wrongAt),
  ...COUNTED.flatMap(wrongCount),
  ...ARRAYS.flatMap(wrongArray),
  ...PLACES.flatMap(wrongPlace),
  wrong('disk.readv of nothing', 'misaligned', ({ disk }) => disk.readv(0, [])),
  wrong('disk.writev of nothing', 'misaligned', ({ disk }) => disk.writev(0, [])),
  wrong('disk.readvDma of nothing', 'misaligned', ({ disk }) => disk.readvDma(0, [])),
  wrong('disk.writevDma of pieces that are no blocks', 'misaligned', ({ disk, memory }) =>
    disk.writevDma(0, [
      { offset: memory, length: 256 },
      { offset: memory, length: 256 },
    ]),
  ),
  wrong('disk.readManyDma of no places', 'invalid-argument', ({ disk, memory }) =>
    disk.readManyDma(placesAt(0), memory, BLOCK),
  ),
  wrong('disk.writeManyDma from memory that overlaps', 'invalid-argument', ({ disk, memory }) =>
    disk.writeManyDma(placesAt(BLOCK - 1, 0, 1), memory, BLOCK),
  ),
  wrong('disk.readManyDma of the sector behind the last', 'out-of-range', ({ disk, memory }) =>
    disk.readManyDma(placesAt(0, 0, SECTORS), memory, BLOCK),
  ),
  wrong('disk.readvDma of too many pieces', 'invalid-argument', ({ disk, memory }) =>
    disk.readvDma(
      0,
      Array.from({ length: DMA_PIECE_COUNT_MAX + 1 }, () => ({ offset: memory, length: BLOCK })),
    ),
  ),
  ...noCount('bytes.readBytes from', ({ bytes }: DiskBag, offset) => bytes.readBytes(offset, 1)),
  ...noCount('bytes.readBytes of', ({ bytes }: DiskBag, length) => bytes.readBytes(0, length)),
  ...noCount('bytes.writeBytes from', ({ bytes }: DiskBag, offset) => bytes.writeBytes(offset, block)),
  wrong('bytes.readBytes beyond the end', 'out-of-range', ({ bytes }) => bytes.readBytes(SECTORS * BLOCK - 1, 2)),
  wrong('bytes.writeBytes beyond the end', 'out-of-range', ({ bytes }) => bytes.writeBytes(SECTORS * BLOCK, block)),
];

const rightOnes = (): RightCall<DiskBag>[] => [
  ...READS.map(([name, call]) => right(name, (bag: DiskBag) => call(bag, 1))),
  ...WRITES.map(([name, call]) => right(name, (bag: DiskBag) => call(bag, 1))),
  right('disk.readManyDma', ({ disk, memory }) => disk.readManyDma(placesAt(0, 3, 1), memory, BLOCK)),
  right(WRITE_MANY, ({ disk, memory }) => disk.writeManyDma(placesAt(0, 3, 1), memory, BLOCK)),
  right('disk.flush', ({ disk }) => disk.flush()),
  right('disk.setWriteCache', ({ disk }) => disk.setWriteCache('write-through')),
  right('disk.lifetime', ({ disk }) => disk.lifetime()),
  listens('disk.onCapacityChange', ({ disk }) => disk.onCapacityChange(() => {})),
  right('bytes.readBytes', ({ bytes }) => bytes.readBytes(1, 3)),
  right('bytes.writeBytes', ({ bytes }) => bytes.writeBytes(1, new Uint8Array(3))),
  ends('disk.close', ({ disk }) => disk.close()),
];

/** A disk of SECTORS sectors that can do all there is. */
export const DISK: Table<DiskBag> = {
  name: 'a disk',
  close: ({ disk }) => disk.close(),
  calls: rightOnes(),
  wrong: wrongOnes(),
};

const changes = (name: string): boolean =>
  WRITES.some(([write]) => write === name) || name === WRITE_MANY || name === 'bytes.writeBytes';

/** One that cannot be written to. */
export const READ_ONLY_DISK: Table<DiskBag> = {
  name: 'a read-only disk',
  close: DISK.close,
  calls: DISK.calls.map((each) => {
    if (each.name === 'bytes.writeBytes') return { ...each, live: 'read-only', closed: 'read-only' };
    return changes(each.name) ? { ...each, live: 'read-only' } : each;
  }),
  wrong: DISK.calls
    .filter(({ name }) => changes(name))
    .map(({ name, call }) => wrong(`${name} to a read-only disk`, 'read-only', call)),
};

const CANNOT = ['disk.secureErase', 'disk.lifetime'];

/** A disk of SECTORS sectors on a SCSI bus. */
export const UNIT: Table<UnitBag> = {
  name: 'a disk on a SCSI bus',
  close: ({ bus }) => bus.close(),
  calls: [
    ...rightOnes().filter(({ name }) => !CANNOT.includes(name)),
    right('disk.secureErase', ({ disk }) => disk.secureErase(0, 1), 'closed', 'unsupported'),
    right('disk.lifetime', ({ disk }) => disk.lifetime(), 'closed', 'unsupported'),
    right('disk.checkMedium', ({ disk }) => disk.checkMedium()),
    listens('disk.onMediumChange', ({ disk }) => disk.onMediumChange(() => {})),
    right('bus.scan', ({ bus }) => bus.scan()),
    listens('bus.onChange', ({ bus }) => bus.onChange(() => {})),
    ends('bus.close', ({ bus }) => bus.close()),
  ],
  wrong: wrongOnes(),
};
