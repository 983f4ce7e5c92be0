import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBlk } from '../../../../drivers/blk/awaited.ts';
import { Interrupts } from '../../../../drivers/virtio/interrupts.ts';
import { fillPattern } from '../../../../kernel/base/bytes.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { BlockFailure } from '../../../../kernel/device/block-failure.ts';
import { isAlive, runTurn } from '../../../../kernel/event/loop.ts';
import { type EventSource, removeSource } from '../../../../kernel/event/source.ts';
import { sameBytes } from '../../../sim/setup.ts';
import type { SimBlkOptions } from '../../../sim/virtio/block.ts';
import { openedDisk } from '../virtio/transport/harness.ts';

const _READ = 0;
const _WRITE = 1;
const _SECTOR = 512;
const _MS = 1_000_000;
const _NEVER = Number.POSITIVE_INFINITY;

const opened: EventSource[] = [];
let lines: string[] = [];

beforeEach(() => {
  lines = [];
  startLog((line) => lines.push(line), 'debug');
});

afterEach(() => {
  stopLog();
  for (const source of opened.splice(0)) removeSource(source);
});

/** Runs the loop until `promise` settles; jobs run between two turns. Returns its value, or throws what it rejected with. */
const run = async <T>(promise: Promise<T>): Promise<T> => {
  let isSettled = false;
  const end = (): void => {
    isSettled = true;
  };
  promise.then(end, end);
  for (let turn = 0; ; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (isSettled) return promise;
    if (turn > 20_000) throw new Error('the loop goes on and on');
    if (!isAlive()) throw new Error('nothing is alive, and the promise is not settled');
    runTurn();
  }
};

/** Returns the kind of failure that a promise rejects with. */
const _kindOf = async (promise: Promise<unknown>): Promise<string> => {
  const error: unknown = await run(promise).then(
    () => new Error('it was fulfilled'),
    (reason: unknown) => reason,
  );
  return error instanceof BlockFailure ? error.kind : String(error);
};

const start = async (options: SimBlkOptions = {}, deadlineMs = 1000) => {
  const all = openedDisk(options);
  all.machine.interrupts.available = 0;
  const opening = openBlk(all.transport, new Interrupts(), all.pool, deadlineMs);
  const block = await run(opening);
  opened.push(block as unknown as EventSource);
  all.disk.requests.length = 0;
  return { ...all, block, ring: all.disk.device.rings[0]! };
};

const pattern = (length: number, seed = 3): Uint8Array => {
  const bytes = new Uint8Array(length);
  fillPattern(bytes, seed);
  return bytes;
};

describe('a disk that is awaited', () => {
  it('says what it is', async () => {
    const { block, machine } = await start({ sectors: 64, serialNumber: 'hedyn-1' });
    expect(block).toMatchObject({
      name: '0000:00:02.0 virtio-blk',
      capacitySectors: 64,
      blockSizeBytes: 512,
      serialNumber: 'hedyn-1',
      isReadOnly: false,
      featureNames: ['BLK_SIZE', 'FLUSH', 'VERSION_1'],
    });
    expect(machine.violations).toEqual([]);
  });

  it('moves bytes to and from the sectors asked for', async () => {
    const { block, disk, machine } = await start();
    const bytes = pattern(1536);
    await run(block.write(5, bytes));
    expect(sameBytes(disk.disk.subarray(5 * 512, 8 * 512), bytes)).toBe(true);
    expect([disk.disk[5 * 512 - 1], disk.disk[8 * 512]]).toEqual([0, 0]);
    expect(sameBytes(await run(block.read(5, 3)), bytes)).toBe(true);
    const target = new Uint8Array(1024);
    await run(block.readInto(6, target));
    expect(sameBytes(target, bytes.subarray(512))).toBe(true);
    await run(block.flush());
    expect([disk.flushes, machine.violations]).toEqual([1, []]);
  });
});
