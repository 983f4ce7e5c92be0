import { afterEach, describe, expect, it } from 'vitest';
import { openBlk } from '../../../../drivers/blk/awaited.ts';
import { Interrupts } from '../../../../drivers/virtio/interrupts.ts';
import { newLive } from '../../../../drivers/virtio/live.ts';
import { runTurn } from '../../../../kernel/event/loop.ts';
import { poweroff } from '../../../../kernel/event/shutdown.ts';
import { type EventSource, removeSource } from '../../../../kernel/event/source.ts';
import { openedDisk } from '../virtio/transport/harness.ts';

const SECTOR = 512;
const WRITE = 1;
const FLUSH = 4;
const DELAY_NS = 5_000_000;
const DEADLINE_MS = 1000;

const opened: EventSource[] = [];

afterEach(() => {
  for (const source of opened.splice(0)) removeSource(source);
});

/** Runs the loop until `promise` settles; jobs run between two turns. Returns its value, or what it rejected with. */
const settled = async (promise: Promise<unknown>): Promise<unknown> => {
  let result: { readonly value: unknown } | undefined;
  const note = (value: unknown): void => {
    result = { value };
  };
  promise.then(note, note);
  for (let turn = 0; result === undefined; turn++) {
    if (turn > 20_000) throw new Error('the loop goes on and on');
    runTurn();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return result.value;
};

describe('a machine that is switched off', () => {
  it('has its writes on the disk, and the disk flushed behind them', async () => {
    const { machine, disk, transport, pool } = openedDisk({ sectors: 64 });
    const opening = openBlk(newLive(transport, new Interrupts(), pool, DEADLINE_MS));
    await settled(opening);
    const { block, source } = await opening;
    opened.push(source);
    const atFlush: number[] = [];
    disk.answer = ({ type }) => {
      if (type === FLUSH) atFlush.push(disk.disk[3 * SECTOR]!, disk.disk[9 * SECTOR]!);
      return type === WRITE ? { delay: DELAY_NS } : {};
    };
    disk.requests.length = 0;
    for (const sector of [3, 9]) void block.write(sector, new Uint8Array(SECTOR).fill(sector));
    expect(await settled(poweroff())).toMatchObject({ message: 'poweroff' });
    expect(disk.requests.map(({ type }) => type)).toEqual([WRITE, WRITE, FLUSH]);
    expect(atFlush).toEqual([3, 9]);
    expect(machine.violations).toEqual([]);
  });
});
