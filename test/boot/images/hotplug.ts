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
// With the option `cycles` it does what reopen.ts says first. With `resident`, what is there from the start is used meanwhile, until it is taken out, too.

import { devicePlaces, devicePool } from '../../../drivers/open/places.ts';
import { type DeviceChange, watchDevices } from '../../../drivers/open/watch.ts';
import { typeName } from '../../../drivers/virtio/names.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { startLog } from '../../../kernel/base/log.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { memoryFree } from '../../../kernel/hal/memory.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { kindOf, type Use, users } from './plug-users.ts';
import { reopenAll } from './reopen.ts';

const options = readOptions();
const numberOf = (name: string, otherwise: number): number => Number(findOption(options, name) ?? otherwise);
const countWanted = numberOf('count', Infinity);

let usedCount = 0;
let removedCount = 0;
let idleCount = 0;

const useDevice = async (type: number, place: string): Promise<void> => {
  const name = `${typeName(type)} ${place}`;
  const use: Use = { count: 0, onBusy: () => console.log(`busy ${name}`) };
  const user = users.get(type);
  const kind = user === undefined ? 'no driver' : await kindOf(user(place, use));
  console.log(`ended ${name}: ${kind} after ${use.count}`);
};

const usePlugged = async (type: number, place: string): Promise<void> => {
  usedCount++;
  await useDevice(type, place);
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
  if (what.kind === 'added') void usePlugged(what.type, what.place);
  if (what.kind === 'removed') removedCount++;
};

startLog(consoleWrite, 'info');
const cycleCount = findOption(options, 'cycles');
if (cycleCount !== undefined) await reopenAll(Number(cycleCount));
if (findOption(options, 'resident') !== undefined) {
  for (const { type, name } of devicePlaces()) void useDevice(type, name);
}
const cancelMs = findOption(options, 'cancel');
const stop = watchDevices(change, cancelMs === undefined ? {} : { cancelMs: Number(cancelMs) });
console.log(`ready: pool ${dmaFreeBytes(devicePool())}, memory ${memoryFree()}`);
