// Whoever calls a device wrongly hears of it by a DeviceFailure, and the device does not hear of it at all. The tables (test/misuse) have every method of everything that
// an opener gives.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { DeviceFailure } from '../../../../kernel/device/failure.ts';
import { GPU, INPUT } from '../../../misuse/desktop.ts';
import { DISK, READ_ONLY_DISK, UNIT } from '../../../misuse/disks.ts';
import { BALLOON, IOMMU, MEMORY, PMEM } from '../../../misuse/memories.ts';
import { NETWORK } from '../../../misuse/network.ts';
import { CRYPTO, ENTROPY, RTC } from '../../../misuse/services.ts';
import { SHARE } from '../../../misuse/share.ts';
import { CONSOLE, SOUND, VSOCK } from '../../../misuse/streams.ts';
import type { Table } from '../../../misuse/table.ts';
import { run, runTurns } from '../virtio/live-harness.ts';
import type { OpenedBag } from './devices.ts';
import * as devices from './devices.ts';

/** The status of a device that was reset for good. */
const FAILED = 128;

/** A table and how its device is opened; nobody needs to know what bag goes between the two. */
type Class = Table<unknown> & { readonly open: () => Promise<OpenedBag<unknown>> };

const pair = <Bag>(table: Table<Bag>, open: () => Promise<OpenedBag<Bag>>): Class =>
  ({ ...table, open }) as unknown as Class;

const ALL = [
  pair(DISK, devices.openDisk),
  pair({ ...DISK, name: 'a disk with four queues' }, devices.openFourQueues),
  pair(READ_ONLY_DISK, devices.openReadOnlyDisk),
  pair(UNIT, devices.openUnit),
  pair(NETWORK, devices.openNetwork),
  pair(CONSOLE, devices.openConsole),
  pair(VSOCK, devices.openVsock),
  pair(ENTROPY, devices.openEntropy),
  pair(INPUT, devices.openInput),
  pair(GPU, devices.openGpu),
  pair(SHARE, devices.openFolder),
  pair(SOUND, devices.openSound),
  pair(BALLOON, devices.openBalloon),
  pair(MEMORY, devices.openMemory),
  pair(PMEM, devices.openPmem),
  pair(CRYPTO, devices.openCrypto),
  pair(RTC, devices.openRtc),
  pair(IOMMU, devices.openIommu),
];

beforeEach(() => startLog(() => {}, 'error'));
afterEach(stopLog);

/** Returns what becomes of a call: Outcome of table.ts, or the text of an error that has no kind. */
const outcomeOf = async (call: () => unknown): Promise<string> => {
  try {
    const result = call();
    if (!(result instanceof Promise)) return 'returned';
    await run(result);
    return 'fulfilled';
  } catch (error) {
    return error instanceof DeviceFailure ? error.kind : String(error);
  }
};

/** Returns the names of all methods of an object, those of its classes included. */
const methodsOf = (object: object): string[] => {
  const names = new Set<string>();
  for (let each = object; each !== Object.prototype; each = Object.getPrototypeOf(each)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(each))) {
      if (name !== 'constructor' && typeof value === 'function') names.add(name);
    }
  }
  return [...names];
};

const namesOf = ({ objects }: OpenedBag<unknown>): string[] =>
  Object.entries(objects).flatMap(([object, each]) => methodsOf(each).map((method) => `${object}.${method}`));

describe.each(ALL)('$name', ({ open, close, calls, wrong }) => {
  let bags: unknown[] = [];

  const opened = async (): Promise<OpenedBag<unknown>> => {
    const all = await open();
    bags.push(all.bag);
    return all;
  };

  afterEach(async () => {
    for (const bag of bags) await outcomeOf(() => close(bag));
    bags = [];
  });

  it('has no method that the table leaves out', async () => {
    expect(calls.map(({ name }) => name).sort()).toEqual(namesOf(await opened()).sort());
  });

  it('refuses each wrong call before anything reaches the device, which goes on', async () => {
    const { bag, device } = await opened();
    const found: Record<string, string> = {};
    const expected: Record<string, string> = {};
    await runTurns(1);
    for (const { what, kind, call } of wrong) {
      const { notifications } = device;
      expected[what] = kind;
      found[what] = await outcomeOf(() => call(bag));
      await runTurns(1);
      if (device.notifications !== notifications) found[what] += ', and the device was notified';
    }
    expect(found).toEqual(expected);
    expect(device.machine.violations).toEqual([]);
  });

  it('refuses each call once it is closed, and may be closed twice', async () => {
    const { bag, device } = await opened();
    await run(close(bag));
    const { notifications } = device;
    const found: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const { name, call, closed } of calls) {
      expected[name] = closed;
      found[name] = await outcomeOf(() => call(bag));
    }
    expect(found).toEqual(expected);
    expect([device.notifications, device.status, device.machine.violations]).toEqual([notifications, FAILED, []]);
  });

  it.each(['before', 'behind'])('ends each call that comes %s its closing, and closes', async (order) => {
    const { bag, device } = await opened();
    const begin = () => calls.map(({ call, ...each }) => ({ ...each, outcome: outcomeOf(() => call(bag)) }));
    const first = order === 'before' ? begin() : [];
    const ending = outcomeOf(() => close(bag));
    const found: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const { name, live, closed, outcome } of [...first, ...(order === 'behind' ? begin() : [])]) {
      const became = await outcome;
      expected[name] = `${live} or ${closed}`;
      found[name] = became === live || became === closed ? expected[name] : became;
    }
    expect(found).toEqual(expected);
    expect([await ending, device.status, device.machine.violations]).toEqual(['fulfilled', FAILED, []]);
  });
});
