import { afterEach, describe, expect, it } from 'vitest';
import { bytesOf } from '../../../../kernel/device/block-bytes.ts';
import { Random } from '../../../native/random.ts';
import { sameBytes } from '../../../sim/setup.ts';
import { forgetDisks, kindOf, openDisk, pattern, run } from '../../drivers/blk/awaited-harness.ts';

const READ = 0;
const WRITE = 1;

afterEach(forgetDisks);

describe.each([512, 4096])('bytes of a disk with blocks of %i', (blockSize) => {
  it.each([
    ['all of some blocks', 2 * blockSize, 3 * blockSize, [WRITE]],
    ['a part of one', blockSize + 7, 20, [READ, WRITE]],
    ['its beginning', blockSize, 9, [READ, WRITE]],
    ['its end', 2 * blockSize - 9, 9, [READ, WRITE]],
    ['from within one to within another', blockSize - 1, blockSize + 2, [READ, READ, WRITE]],
    ['from within one to its end and on', blockSize - 1, blockSize + 1, [READ, WRITE]],
    ['a single one, the last of the disk', 64 * 512 - 1, 1, [READ, WRITE]],
    ['none', 5, 0, []],
  ])('%s: they are written and read, and those beside them stay', async (_, offset, length, types) => {
    const { block, disk, machine } = await openDisk({ blockSize });
    disk.disk.set(pattern(disk.disk.length));
    const expected = disk.disk.slice();
    const bytes = pattern(length, 9);
    expected.set(bytes, offset);
    const { readBytes, writeBytes } = bytesOf(block);
    await run(writeBytes(offset, bytes));
    expect(disk.requests.map(({ type }) => type)).toEqual(types);
    expect(sameBytes(disk.disk, expected)).toBe(true);
    disk.requests.length = 0;
    expect(sameBytes(await run(readBytes(offset, length)), bytes)).toBe(true);
    expect(disk.requests.length).toBe(length === 0 ? 0 : 1);
    expect(machine.violations).toEqual([]);
  });

  it('writers of the same block take turns, whatever the device does first', async () => {
    const { block, disk, machine } = await openDisk({ blockSize });
    const random = new Random(blockSize);
    disk.answer = () => ({ delay: 1 + random.below(50_000) });
    const expected = disk.disk.slice();
    const { writeBytes } = bytesOf(block);
    const writes = Array.from({ length: 300 }, (_, i) => {
      const length = 1 + random.below(3000);
      const offset = random.below(disk.disk.length - length);
      const bytes = pattern(length, i);
      expected.set(bytes, offset);
      return (i % 2 === 0 ? writeBytes : bytesOf(block).writeBytes)(offset, bytes);
    });
    await run(Promise.all(writes));
    expect(sameBytes(disk.disk, expected)).toBe(true);
    expect(machine.violations).toEqual([]);
  });

  it('writers of other blocks do not wait', async () => {
    const { block, disk } = await openDisk({ blockSize });
    disk.answer = ({ sector }) => (sector === 0 ? { delay: 5_000_000 } : {});
    const { writeBytes } = bytesOf(block);
    const order: string[] = [];
    const slow = writeBytes(1, pattern(3)).then(() => order.push('slow'));
    const behind = writeBytes(5, pattern(3)).then(() => order.push('behind'));
    const quick = writeBytes(blockSize, pattern(3)).then(() => order.push('quick'));
    await run(Promise.all([slow, behind, quick]));
    expect(order).toEqual(['quick', 'slow', 'behind']);
  });

  it('a failure is for its own caller: who waits for the turn goes on', async () => {
    const { block, disk } = await openDisk({ blockSize });
    const { readBytes, writeBytes } = bytesOf(block);
    let left = 1;
    disk.answer = ({ type }) => (type === WRITE && left-- > 0 ? { status: 1 } : {});
    const first = writeBytes(1, pattern(3));
    const second = writeBytes(2, pattern(3, 5));
    expect(await kindOf(first)).toBe('io-error');
    expect(await kindOf(second)).toBe('fulfilled');
    expect(sameBytes(await run(readBytes(2, 3)), pattern(3, 5))).toBe(true);
  });

  it('what cannot be is refused before the device sees it', async () => {
    const { block, disk } = await openDisk({ blockSize });
    const { readBytes, writeBytes } = bytesOf(block);
    expect(await kindOf(readBytes(64 * 512 - 1, 2))).toBe('out-of-range');
    expect(await kindOf(writeBytes(64 * 512, new Uint8Array(1)))).toBe('out-of-range');
    expect(await kindOf(writeBytes(-1, new Uint8Array(1)))).toBe('invalid-argument');
    expect(await kindOf(readBytes(0.5, 1))).toBe('invalid-argument');
    expect(await kindOf(readBytes(0, Number.NaN))).toBe('invalid-argument');
    const readOnly = await openDisk({ blockSize, features: [5, 6, 9, 32] });
    expect(await kindOf(bytesOf(readOnly.block).writeBytes(1, new Uint8Array(1)))).toBe('read-only');
    expect([disk.requests, readOnly.disk.requests]).toEqual([[], []]);
  });
});
