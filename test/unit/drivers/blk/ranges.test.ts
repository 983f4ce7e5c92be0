import { afterEach, describe, expect, it } from 'vitest';
import { forgetDisks, kindOf, openDisk, pattern, run } from './awaited-harness.ts';

const SECTOR = 512;
const DISCARD = 11;
const WRITE_ZEROES = 13;
const SECURE_ERASE = 14;
const ALL = [6, 9, 13, 14, 16, 32];
const NEVER = Number.POSITIVE_INFINITY;

afterEach(forgetDisks);

const sectorsOf = (bytes: Uint8Array, sector: number, count: number): Uint8Array =>
  bytes.subarray(sector * SECTOR, (sector + count) * SECTOR);

/** A discard, and into which ranges of which requests it is cut. */
interface Cut {
  readonly discard: readonly [number, number, number];
  readonly sector?: number;
  readonly count: number;
  readonly blockSize?: number;
  /** A request each: its counts of sectors. */
  readonly cuts: readonly string[];
}

const ones = (count: number): string => new Array(count).fill(1).join(' ');

describe('a range of sectors', () => {
  it('is discarded, zeroed or erased, and the sectors beside it are not', async () => {
    const limits = { discard: [64, 1, 1], writeZeroes: [64, 1], secureErase: [64, 1, 1] } as const;
    const { block, disk, machine } = await openDisk({ features: ALL, limits });
    disk.disk.fill(0x55);
    await run(Promise.all([block.discard(2, 3), block.writeZeroes(10, 4), block.secureErase(20, 1)]));
    expect(disk.requests.map(({ type, ranges }) => [type, ranges])).toEqual([
      [DISCARD, [{ sector: 2, count: 3, flags: 0 }]],
      [WRITE_ZEROES, [{ sector: 10, count: 4, flags: 0 }]],
      [SECURE_ERASE, [{ sector: 20, count: 1, flags: 0 }]],
    ]);
    expect([...new Set(sectorsOf(disk.disk, 2, 3))]).toEqual([0xdd]);
    expect([...new Set(sectorsOf(disk.disk, 10, 4))]).toEqual([0]);
    expect([...new Set(sectorsOf(disk.disk, 20, 1))]).toEqual([0]);
    for (const [sector, count] of [
      [0, 2],
      [5, 5],
      [14, 6],
      [21, 43],
    ] as const) {
      expect([...new Set(sectorsOf(disk.disk, sector, count))]).toEqual([0x55]);
    }
    expect(machine.violations).toEqual([]);
  });

  it.each<[string, Cut]>([
    [
      'sectors of a segment, segments of a request',
      { discard: [10, 3, 1], count: 64, cuts: ['10 10 10', '10 10 10', '4'] },
    ],
    ['whole blocks of them', { discard: [10, 3, 1], count: 32, cuts: ['8 8 8', '8'], blockSize: 4096 }],
    ['the alignment, where one is in reach', { discard: [10, 1, 8], sector: 3, count: 30, cuts: ['5', '8', '8', '9'] }],
    ['not the alignment, where none is', { discard: [4, 2, 100], count: 10, cuts: ['4 4', '2'] }],
    ['not an alignment beyond the disk', { discard: [4, 8, 0xffffffff], count: 10, cuts: ['4 4 2'] }],
    ['not an alignment within a block', { discard: [16, 1, 3], count: 32, cuts: ['16', '16'], blockSize: 4096 }],
    ['not by an alignment of 0', { discard: [16, 1, 0], count: 32, cuts: ['16', '16'] }],
    ['a page of segments', { discard: [1, 0xffffffff, 1], count: 300, cuts: [ones(256), ones(44)] }],
    ['one segment a request, where it says none', { discard: [16, 0, 1], count: 32, cuts: ['16', '16'] }],
  ])('is cut by %s', async (_, { discard, count, cuts, blockSize = 512, sector = 0 }) => {
    const { block, disk, machine } = await openDisk({ features: ALL, limits: { discard }, sectors: 512, blockSize });
    await run(block.discard(sector, count));
    expect(disk.requests.map(({ ranges }) => ranges.map((range) => range.count).join(' '))).toEqual(cuts);
    let at = sector;
    for (const range of disk.requests.flatMap(({ ranges }) => ranges)) {
      expect(range.sector).toBe(at);
      at += range.count;
    }
    expect(at).toBe(sector + count);
    expect(machine.violations).toEqual([]);
  });

  it('may be longer than four billion sectors', async () => {
    const { block, disk } = await openDisk({
      features: ALL,
      limits: { discard: [0xffffffff, 1, 1] },
      capacity: [0, 2], // 2^33 sectors
    });
    disk.answer = () => ({ status: 0 });
    await run(block.discard(0, 2 ** 33));
    const counts = disk.requests.map(({ ranges }) => ranges[0]!.count);
    expect(counts).toEqual([0xffffffff, 0xffffffff, 2]);
  });

  it('to be written is at most 128 MiB a request: a slow disk must be done in time', async () => {
    const limits = { discard: [0xffffff, 1, 1], writeZeroes: [0xffffff, 4], secureErase: [100_000, 4, 1] } as const;
    const { block, disk, machine } = await openDisk({ features: ALL, limits, capacity: [600_000, 0] });
    disk.answer = () => ({ status: 0 });
    await run(block.discard(0, 600_000));
    await run(block.writeZeroes(0, 600_000));
    await run(block.secureErase(0, 300_000));
    expect(disk.requests.map(({ ranges }) => ranges.map(({ count }) => count))).toEqual([
      [600_000],
      [262_144],
      [262_144],
      [75_712],
      [100_000, 100_000, 62_144],
      [37_856],
    ]);
    expect(machine.violations).toEqual([]);
  });

  it.each([
    [true, 1, 1],
    [true, 0, 0],
    [false, 1, 0],
    [undefined, 1, 0],
  ] as const)(
    'of zeroes may be freed when the caller and the device allow it: %s, %i',
    async (mayUnmap, shown, flags) => {
      const { block, disk, machine } = await openDisk({
        features: ALL,
        limits: { writeZeroes: [64, 1], mayUnmap: shown },
      });
      await run(mayUnmap === undefined ? block.writeZeroes(0, 8) : block.writeZeroes(0, 8, { mayUnmap }));
      expect(disk.requests[0]!.ranges[0]!.flags).toBe(flags);
      expect(machine.violations).toEqual([]);
    },
  );

  it('that may be freed is not what a discard says: its flags are reserved', async () => {
    const limits = { discard: [64, 1, 1], mayUnmap: 1 } as const;
    const { block, disk } = await openDisk({ features: ALL, limits });
    await run(block.discard(0, 8, { mayUnmap: true } as object));
    expect(disk.requests[0]!.ranges[0]!.flags).toBe(0);
  });

  it.each([
    ['the device does not offer it', [6, 9, 32], {}],
    ['the device says that it takes no sectors', ALL, {}],
    ['the device takes less than a block', ALL, { discard: [7, 1, 1], writeZeroes: [7, 1], secureErase: [7, 1, 1] }],
  ] as const)('is unsupported, and not sent, where %s', async (_, features, limits) => {
    const { block, disk } = await openDisk({ features, limits, blockSize: 4096 });
    expect(await kindOf(block.discard(0, 8))).toBe('unsupported');
    expect(await kindOf(block.writeZeroes(0, 8))).toBe('unsupported');
    expect(await kindOf(block.secureErase(0, 8))).toBe('unsupported');
    expect(disk.requests).toEqual([]);
  });

  it('is refused where it cannot be, before the device sees it', async () => {
    const limits = { discard: [64, 1, 1] } as const;
    const { block, disk } = await openDisk({ features: ALL, limits, sectors: 64, blockSize: 1024 });
    expect(await kindOf(block.discard(62, 4))).toBe('out-of-range');
    expect(await kindOf(block.discard(0, 2 ** 50))).toBe('out-of-range');
    expect(await kindOf(block.discard(0, 3))).toBe('misaligned');
    expect(await kindOf(block.discard(1, 2))).toBe('misaligned');
    expect(await kindOf(block.discard(0, 0))).toBe('misaligned');
    expect(await kindOf(block.discard(-2, 2))).toBe('invalid-argument');
    expect(await kindOf(block.discard(0, -2))).toBe('invalid-argument');
    expect(await kindOf(block.discard(0.5, 2))).toBe('invalid-argument');
    expect(await kindOf(block.discard(0, Number.NaN))).toBe('invalid-argument');
    const readOnly = await openDisk({ features: [5, ...ALL], limits });
    expect(await kindOf(readOnly.block.discard(0, 8))).toBe('read-only');
    expect([disk.requests, readOnly.disk.requests]).toEqual([[], []]);
  });

  it('that fails is one failure, and the rest of it is not sent', async () => {
    const { block, disk, machine } = await openDisk({ features: ALL, limits: { discard: [1, 1, 1] } });
    disk.answer = ({ ranges }) => (ranges[0]?.sector === 2 ? { status: 1 } : {});
    expect(await kindOf(block.discard(0, 64))).toBe('io-error');
    expect(disk.requests.length).toBeLessThan(64);
    disk.answer = () => ({ status: 2 });
    expect(await kindOf(block.discard(0, 1))).toBe('unsupported');
    disk.answer = () => ({});
    expect(await kindOf(block.discard(0, 64))).toBe('fulfilled');
    expect(machine.violations).toEqual([]);
  });

  it('waits for room, can be aborted, and is lost by a reset as other requests are', async () => {
    const { block, disk, machine } = await openDisk({
      features: ALL,
      limits: { discard: [1, 1, 1] },
      deadlineMs: 100,
    });
    disk.answer = ({ type }) => (type === DISCARD ? { delay: NEVER } : {});
    const controller = new AbortController();
    const aborted = block.discard(0, 64, { signal: controller.signal });
    const lost = block.discard(0, 64);
    const behind = block.write(9, pattern(SECTOR));
    controller.abort(new Error('never mind'));
    expect(await kindOf(aborted)).toBe('Error: never mind');
    expect(await kindOf(lost)).toBe('timeout');
    expect(await kindOf(behind)).toBe('fulfilled');
    expect(machine.violations).toEqual([]);
  });
});
