// Uses every device that is plugged in, as hard as it can, until it is taken out; for hotplug.test.ts. A line for each thing that happens:
//
//   added virtio-blk 0000:01:00.0
//   busy virtio-blk 0000:01:00.0                                its user has done something with it
//   leaving virtio-blk 0000:01:00.0
//   ended virtio-blk 0000:01:00.0: removed after 312            what its user got, and how much was done before
//   removed virtio-blk 0000:01:00.0
//   idle 1: pool 1965056, memory 51228672                       nothing is plugged in: so often until now, and what is free then
//
// It ends when so many devices were removed as the option `count` says, and nothing is plugged in. `cancel` is how long a device stays, in milliseconds.

import { openBlockDevice } from '../../../drivers/open/block.ts';
import { openConsole } from '../../../drivers/open/console.ts';
import { openEntropy } from '../../../drivers/open/entropy.ts';
import { openInput } from '../../../drivers/open/input.ts';
import { openNetwork } from '../../../drivers/open/network.ts';
import { devicePool } from '../../../drivers/open/places.ts';
import { openShare } from '../../../drivers/open/share.ts';
import { type DeviceChange, watchDevices } from '../../../drivers/open/watch.ts';
import { TYPE_9P, TYPE_BLOCK, TYPE_CONSOLE, TYPE_ENTROPY, TYPE_INPUT, TYPE_NET } from '../../../drivers/virtio/ids.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { startLog } from '../../../kernel/base/log.ts';
import { DeviceFailure } from '../../../kernel/device/failure.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { memoryFree } from '../../../kernel/hal/memory.ts';
import { readOptions } from '../../../kernel/hal/options.ts';

const WORKER_COUNT = 8;
const SECTORS = 8;
const SECTOR_SIZE = 512;
const FRAME_LENGTH = 1000;
const DRAWN_LENGTH = 64;

/** What a user has done until now. */
interface Use {
  /** `virtio-blk 0000:01:00.0` */
  readonly name: string;
  count: number;
}

/** After so much a device is at work. */
const BUSY_COUNT = 32;

const noteUse = (use: Use): void => {
  use.count++;
  if (use.count === BUSY_COUNT) console.log(`busy ${use.name}`);
};

/** Uses the device at a place for ever: what it throws ends it. */
type User = (place: string, use: Use) => Promise<void>;

const workOnDisk = async (place: string, use: Use, worker: number): Promise<void> => {
  const disk = await openBlockDevice({ place });
  const bytes = new Uint8Array(SECTORS * SECTOR_SIZE).fill(worker + 1);
  for (;;) {
    const sector = (worker + WORKER_COUNT * (use.count % 16)) * SECTORS;
    await disk.write(sector, bytes);
    const [first] = await disk.read(sector, SECTORS);
    if (first !== worker + 1) throw new Error(`sector ${sector} begins with ${first}, expected ${worker + 1}`);
    noteUse(use);
  }
};

const useBlock: User = async (place, use) => {
  const workers: Promise<string>[] = [];
  for (let worker = 0; worker < WORKER_COUNT; worker++) workers.push(kindOf(workOnDisk(place, use, worker)));
  const kinds = await Promise.all(workers);
  const other = kinds.find((kind) => kind !== 'removed');
  throw other === undefined ? new DeviceFailure('removed', '') : new Error(other);
};

const useNetwork: User = async (place, use) => {
  const network = await openNetwork({ place });
  const received = kindOf(network.receive().then(() => network.receive()));
  const frame = new Uint8Array(FRAME_LENGTH).fill(0xff, 0, 6);
  try {
    for (;;) {
      await network.send(frame);
      noteUse(use);
      if (use.count % 64 === 0) await turn();
    }
  } finally {
    const kind = await received;
    if (kind !== 'removed') console.log(`receive: ${kind}`);
  }
};

/** QEMU has put no port into it: the next one is waited for. */
const useConsole: User = async (place, use) => {
  const device = await openConsole({ place });
  console.log(`busy ${use.name}`);
  await device.waitForPort('first');
};

const useEntropy: User = async (place, use) => {
  const entropy = await openEntropy({ place });
  for (;;) {
    await entropy.read(DRAWN_LENGTH);
    noteUse(use);
  }
};

const useInput: User = async (place, use) => {
  const input = await openInput({ place });
  const reports = input.reports();
  console.log(`busy ${use.name}`);
  for await (const report of reports) use.count += report.length;
};

const useShare: User = async (place, use) => {
  const share = await openShare({ place });
  const file = await share.open('/');
  for (;;) {
    await Promise.all([share.stat('/'), share.readdir('/'), file.stat()]);
    noteUse(use);
  }
};

const users: ReadonlyMap<number, User> = new Map([
  [TYPE_BLOCK, useBlock],
  [TYPE_NET, useNetwork],
  [TYPE_CONSOLE, useConsole],
  [TYPE_ENTROPY, useEntropy],
  [TYPE_INPUT, useInput],
  [TYPE_9P, useShare],
]);

/** Lets the others have their turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Returns the kind of failure that a promise rejects with. */
const kindOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
  } catch (error) {
    return error instanceof DeviceFailure ? error.kind : String(error);
  }
  return 'nothing';
};

const options = readOptions();
const numberOf = (name: string, otherwise: number): number => Number(findOption(options, name) ?? otherwise);
const countWanted = numberOf('count', Infinity);

let usedCount = 0;
let removedCount = 0;
let idleCount = 0;

const useDevice = async ({ type, typeName, place }: DeviceChange): Promise<void> => {
  const use: Use = { name: `${typeName} ${place}`, count: 0 };
  usedCount++;
  const user = users.get(type);
  const kind = user === undefined ? 'no driver' : await kindOf(user(place, use));
  console.log(`ended ${use.name}: ${kind} after ${use.count}`);
  usedCount--;
  noteEnd();
};

const noteEnd = (): void => {
  if (usedCount > 0) return;
  idleCount++;
  console.log(`idle ${idleCount}: pool ${dmaFreeBytes(devicePool())}, memory ${memoryFree()}`);
  if (removedCount >= countWanted) stop();
};

const change = (what: DeviceChange): void => {
  console.log(`${what.kind} ${what.typeName} ${what.place}`);
  if (what.kind === 'added') void useDevice(what);
  if (what.kind === 'removed') removedCount++;
};

startLog(consoleWrite, 'info');
const cancelMs = findOption(options, 'cancel');
const stop = watchDevices(change, cancelMs === undefined ? {} : { cancelMs: Number(cancelMs) });
console.log(`ready: pool ${dmaFreeBytes(devicePool())}, memory ${memoryFree()}`);
