import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openQueues } from '../../../../drivers/blk/queues.ts';
import { newLive } from '../../../../drivers/virtio/live.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { type EventSource, removeSource } from '../../../../kernel/event/source.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { sameBytes } from '../../../sim/setup.ts';
import type { SimBlkOptions } from '../../../sim/virtio/block.ts';
import { interruptsOf } from '../virtio/live-harness.ts';
import { openedDisk } from '../virtio/transport/harness.ts';
import { kindOf, pattern, run, runTurns } from './awaited-harness.ts';

const SECTOR = 512;
const MS = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;
const FOUR: SimBlkOptions = {
  features: [6, 9, 11, 12, 32],
  queueSizes: [16, 16, 16, 16],
  limits: { queueCount: 4, writeback: 1 },
  vectors: 5,
};

let sources: EventSource[] = [];

beforeEach(() => startLog(() => {}, 'debug'));

afterEach(() => {
  stopLog();
  for (const source of sources) removeSource(source);
  sources = [];
});

const open = async (options: SimBlkOptions, queueCount = 4) => {
  const all = openedDisk(options);
  const free = dmaFreeBytes(all.pool);
  const opened = await run(openQueues(newLive(all.transport, interruptsOf(all), all.pool, 100), queueCount));
  sources.push(opened.source);
  all.disk.requests.length = 0;
  return { ...all, ...opened, free };
};

describe('a disk with several queues', () => {
  it('spreads its requests over them, and finds what it wrote', async () => {
    const { block, disk, machine } = await open({ ...FOUR, sectors: 256 });
    const writes = Array.from({ length: 200 }, (_, sector) => block.write(sector, pattern(SECTOR, sector)));
    await run(Promise.all(writes));
    for (const queue of [0, 1, 2, 3]) {
      expect(disk.requests.filter((request) => request.queue === queue)).toHaveLength(50);
    }
    const reads = await run(Promise.all(writes.map((_, sector) => block.read(sector, 1))));
    expect(reads.every((bytes, sector) => sameBytes(bytes, pattern(SECTOR, sector)))).toBe(true);
    expect(block.featureNames).toContain('MQ');
    expect(machine.violations).toEqual([]);
  });

  it.each([{ vectors: 5 }, { vectors: 2 }, {}])('sleeps, and is woken by each: %j', async ({ vectors }) => {
    const { block, disk, machine } = await open({ ...FOUR, vectors });
    disk.answer = () => ({ delay: 5 * MS });
    for (let i = 0; i < 8; i++) {
      const before = machine.now;
      machine.interrupts.idleCount = 0;
      await run(block.read(i, 1));
      expect(machine.interrupts.idleCount).toBeGreaterThan(0);
      expect(machine.now - before).toBeLessThan(6 * MS); // Without an interrupt it is found after 10 ms.
    }
    expect(machine.violations).toEqual([]);
  });

  it.each([
    ['has fewer than wanted', { ...FOUR, limits: { queueCount: 2 } }, 2],
    ['says that it has none, which is taken for one', { ...FOUR, limits: { queueCount: 0 } }, 1],
    ['does not offer the feature', { ...FOUR, features: [6, 9, 32] }, 1],
    ['has more than wanted', { ...FOUR, queueSizes: new Array(8).fill(16), limits: { queueCount: 8 } }, 4],
  ])('uses as many as there are where the device %s', async (_, options, expected) => {
    const { block, disk, lanes, machine } = await open(options);
    await run(Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((sector) => block.read(sector, 1))));
    expect(new Set(disk.requests.map(({ queue }) => queue)).size).toBe(expected);
    expect([lanes.length, machine.violations]).toEqual([expected, []]);
  });

  it('does not come up where the device says that it has queues that are not there', async () => {
    await expect(open({ ...FOUR, queueSizes: [16, 16] })).rejects.toThrow('queue');
  });

  it('flushes behind the writes of all', async () => {
    const { block, disk, device } = await open(FOUR);
    disk.answer = ({ type, queue }) => (type === 4 ? {} : { delay: queue * MS });
    const writes = [0, 1, 2, 3].map((sector) => block.write(sector, pattern(SECTOR)));
    await run(block.setWriteCache('write-through'));
    expect(disk.requests.map(({ type }) => type)).toEqual([1, 1, 1, 1, 4]);
    await run(Promise.all(writes));
    await run(block.flush());
    expect([disk.flushes, block.writeCache, device.readConfig(0x20, 1)]).toEqual([1, 'write-through', 0]);
  });

  it('loses what the device had in all of them when one does not answer, and goes on', async () => {
    const { block, disk, machine } = await open(FOUR);
    disk.answer = ({ queue }) => (queue === 2 ? { delay: NEVER } : { delay: 200 * MS });
    const reads = [0, 1, 2, 3].map((sector) => block.read(sector, 1));
    expect(await Promise.all(reads.map(kindOf))).toEqual(['timeout', 'timeout', 'timeout', 'timeout']);
    disk.answer = () => ({});
    await run(Promise.all([0, 1, 2, 3].map((sector) => block.write(sector, pattern(SECTOR)))));
    expect(machine.violations).toEqual([]);
  });

  it('is given up when the device lies in one of them', async () => {
    const { block, disk } = await open(FOUR);
    disk.answer = ({ queue }) => (queue === 3 ? { usedHead: 15 } : { delay: NEVER });
    const kinds = await Promise.all([0, 1, 2, 3].map((sector) => kindOf(block.read(sector, 1))));
    expect(kinds).toEqual(['wrong-answer', 'wrong-answer', 'wrong-answer', 'wrong-answer']);
    expect(await kindOf(block.read(0, 1))).toBe('device-failed');
  });

  it('knows in all of them that it was resized', async () => {
    const { block, device } = await open({ ...FOUR, sectors: 64 });
    const told: number[] = [];
    block.onCapacityChange((sectors) => told.push(sectors));
    device.changeConfig(0, [32]);
    await runTurns(3);
    for (let i = 0; i < 4; i++) expect(await kindOf(block.read(40, 1))).toBe('out-of-range');
    expect([told, block.capacitySectors]).toEqual([[32], 32]);
  });

  it('is closed with all of them, and their memory is back', async () => {
    const { block, disk, free, pool } = await open(FOUR);
    disk.answer = () => ({ delay: MS });
    const writes = [0, 1, 2, 3].map((sector) => block.write(sector, pattern(SECTOR)));
    await run(block.close());
    expect(await Promise.all(writes.map(kindOf))).toEqual(new Array(4).fill('fulfilled'));
    for (let i = 0; i < 4; i++) expect(await kindOf(block.read(0, 1))).toBe('closed');
    expect(dmaFreeBytes(pool)).toBe(free);
  });
});
