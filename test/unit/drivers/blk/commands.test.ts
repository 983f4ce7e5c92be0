import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { forgetDisks, kindOf, openDisk, pattern, run, runTurns } from './awaited-harness.ts';

const FLUSH = 4;
const WRITEBACK = 0x20;
const CACHES = [6, 9, 11, 32];
const NEVER = Number.POSITIVE_INFINITY;

let lines: string[] = [];

beforeEach(() => {
  lines = [];
  startLog((line) => lines.push(line.trimEnd()), 'debug');
});

afterEach(() => {
  stopLog();
  forgetDisks();
});

describe('the write cache', () => {
  it.each([
    ['FLUSH alone: there may be one', [6, 9, 32], 0, 'write-back', 1],
    ['neither: there is none', [6, 32], 0, 'write-through', 0],
    ['writeback 1', CACHES, 1, 'write-back', 1],
    ['writeback 0', CACHES, 0, 'write-through', 0],
    ['any other value', CACHES, 7, 'write-back', 1],
    ['a cache that cannot be emptied is none', [6, 11, 32], 1, 'write-through', 0],
  ] as const)('is what the device says: %s', async (_, features, writeback, mode, flushes) => {
    const { block, disk, machine } = await openDisk({ features, limits: { writeback } });
    expect(block.writeCache).toBe(mode);
    await run(block.flush());
    expect([disk.flushes, machine.violations]).toEqual([flushes, []]);
  });

  it('is turned off: what was written before is flushed, and from then on a flush has nothing to do', async () => {
    const { block, device, disk, machine } = await openDisk({ features: CACHES, limits: { writeback: 1 } });
    disk.answer = ({ type }) => (type === FLUSH ? {} : { delay: 1_000_000 });
    const writing = block.write(0, pattern(512));
    await run(block.setWriteCache('write-through'));
    await run(writing);
    expect(disk.requests.map(({ type }) => type)).toEqual([1, FLUSH]); // The flush behind the write, which it must cover.
    expect([block.writeCache, device.readConfig(WRITEBACK, 1)]).toEqual(['write-through', 0]);
    await run(block.flush());
    expect(disk.flushes).toBe(1);
    await run(block.setWriteCache('write-back'));
    await run(block.flush());
    expect([block.writeCache, device.readConfig(WRITEBACK, 1), disk.flushes]).toEqual(['write-back', 1, 2]);
    expect(machine.violations).toEqual([]);
  });

  it('stays one, in which writes may be, when its flush fails', async () => {
    const { block, disk } = await openDisk({ features: CACHES, limits: { writeback: 1 } });
    disk.answer = () => ({ status: 1 });
    expect(await kindOf(block.setWriteCache('write-through'))).toBe('io-error');
    expect(block.writeCache).toBe('write-back');
    expect(await kindOf(block.flush())).toBe('io-error');
    disk.answer = () => ({});
    expect(await kindOf(block.setWriteCache('write-through'))).toBe('fulfilled');
  });

  it('cannot be chosen without the feature', async () => {
    const { block } = await openDisk({ features: [6, 9, 32] });
    expect(await kindOf(block.setWriteCache('write-through'))).toBe('unsupported');
    expect(await kindOf(block.setWriteCache('write-back'))).toBe('fulfilled'); // It is.
    const other = await openDisk({ features: [6, 11, 32] });
    expect(await kindOf(other.block.setWriteCache('write-back'))).toBe('unsupported');
  });

  it('that does not stay as it was written is a wrong answer', async () => {
    const { block, device } = await openDisk({ features: CACHES, limits: { writeback: 1 } });
    device.writeConfig = () => {};
    expect(await kindOf(block.setWriteCache('write-through'))).toBe('wrong-answer');
    expect(block.writeCache).toBe('write-back');
  });

  it('is as it was after a reset, whatever the device comes back with', async () => {
    const { block, device, disk } = await openDisk({ features: CACHES, limits: { writeback: 1 }, deadlineMs: 100 });
    await run(block.setWriteCache('write-through'));
    disk.answer = () => ({ delay: NEVER });
    const lost = block.read(0, 1);
    await runTurns(2);
    device.options.config[WRITEBACK] = 1;
    disk.answer = () => ({});
    expect(await kindOf(lost)).toBe('timeout');
    expect(device.readConfig(WRITEBACK, 1)).toBe(0);
    expect(await kindOf(block.read(0, 1))).toBe('fulfilled');
  });

  it('that is another after a reset, and stays so, is the end of the disk', async () => {
    const { block, device, disk } = await openDisk({ features: CACHES, limits: { writeback: 0 }, deadlineMs: 100 });
    disk.answer = () => ({ delay: NEVER });
    const lost = block.read(0, 1);
    await runTurns(2);
    device.options.config[WRITEBACK] = 1;
    device.writeConfig = () => {};
    expect(await kindOf(lost)).toBe('timeout');
    expect(await kindOf(block.read(0, 1).catch((error) => Promise.reject(error)))).toBe('device-failed');
    expect(lines.some((line) => line.includes('writeback reads 1, expected 0'))).toBe(true);
  });
});

describe('the lifetime', () => {
  it.each([
    [[1, 3, 11], { reserve: 'normal', usedTenthsA: 3, usedTenthsB: 11 }],
    [[0, 0, 0], { reserve: 'unknown', usedTenthsA: 0, usedTenthsB: 0 }],
    [[3, 10, 1], { reserve: 'urgent', usedTenthsA: 10, usedTenthsB: 1 }],
  ] as const)('%j is %j', async (lifetime, expected) => {
    const { block, machine } = await openDisk({ features: [6, 9, 15, 32], lifetime });
    expect(await run(block.lifetime())).toEqual(expected);
    expect(machine.violations).toEqual([]);
  });

  it.each([[[4, 0, 0]], [[0, 12, 0]], [[0, 0, 0xffff]]] as const)(
    '%j cannot be, and the disk goes on',
    async (lifetime) => {
      const { block } = await openDisk({ features: [6, 9, 15, 32], lifetime });
      expect(await kindOf(block.lifetime())).toBe('wrong-answer');
      expect(await kindOf(block.read(0, 1))).toBe('fulfilled');
    },
  );

  it('is unsupported, and not asked for, without the feature', async () => {
    const { block, disk } = await openDisk();
    expect(await kindOf(block.lifetime())).toBe('unsupported');
    expect(disk.requests).toEqual([]);
  });
});

describe('the topology', () => {
  it.each([
    ['what the device says, in bytes', [3, 1, 8, 256], [4096, 512, 4096, 131_072]],
    ['nothing much', [0, 0, 0, 0], [512, 0, 0, 0]],
    ['not a physical block of 2^255 blocks', [255, 255, 1, 1], [512, 0, 512, 512]],
    ['not an alignment beyond a physical block', [2, 4, 1, 1], [2048, 0, 512, 512]],
  ] as const)('is %s', async (_, topology, [physicalBlockBytes, alignmentBytes, ioBytesMin, ioBytesOptimal]) => {
    const { block } = await openDisk({ features: [6, 9, 10, 32], limits: { topology } });
    expect(block.topology).toEqual({ physicalBlockBytes, alignmentBytes, ioBytesMin, ioBytesOptimal });
  });

  it('is as if it did not matter without the feature, whatever the fields hold', async () => {
    const { block } = await openDisk({ limits: { topology: [3, 1, 8, 256] } });
    expect(block.topology).toEqual({ physicalBlockBytes: 512, alignmentBytes: 0, ioBytesMin: 0, ioBytesOptimal: 0 });
  });
});

describe('a block size that changes', () => {
  it('is not believed while the disk is live, and the disk goes on with the one it had', async () => {
    const { block, device } = await openDisk();
    device.changeConfig(0x14, [0, 0x10, 0, 0]);
    await runTurns(3);
    expect(lines.some((line) => line.includes('blk_size reads 4096, it was 512'))).toBe(true);
    expect([block.blockSizeBytes, await kindOf(block.read(1, 1))]).toEqual([512, 'fulfilled']);
  });

  it('after a reset is the end of the disk', async () => {
    const { block, device, disk } = await openDisk({ deadlineMs: 100 });
    disk.answer = () => ({ delay: NEVER });
    const lost = block.read(0, 1);
    await runTurns(2);
    device.options.config[0x15] = 0x10;
    expect(await kindOf(lost)).toBe('timeout');
    expect(await kindOf(block.read(0, 1))).toBe('device-failed');
  });
});

describe('arguments that are no numbers of sectors', () => {
  it.each([0.5, -1, Number.NaN, Number.POSITIVE_INFINITY, -0.5])('%d', async (wrong) => {
    const { block, disk } = await openDisk();
    expect(await kindOf(block.read(wrong, 1))).toBe('invalid-argument');
    expect(await kindOf(block.write(wrong, new Uint8Array(512)))).toBe('invalid-argument');
    expect(await kindOf(block.readDma(wrong, 0, 512))).toBe('invalid-argument');
    expect(await kindOf(block.read(0, wrong === 0.5 ? -1 : wrong))).not.toBe('fulfilled');
    expect(await kindOf(block.readDma(0, wrong, 512))).toBe('invalid-argument');
    expect(await kindOf(block.readDma(0, 0, wrong))).not.toBe('fulfilled');
    expect(disk.requests).toEqual([]);
  });
});
