// What requests, frames and bytes of consoles take of memory: each way to send them, thousands of times.
//
//   allocated NAME COUNT BYTES
//
// Memory that a program takes is pages, taken when they are first touched, and none comes back before the first collection, which needs more than all of this. So a path that
// allocates sixteen bytes takes forty pages here, and one that allocates nothing takes none. `promise` is what awaiting costs, whoever is awaited.

import { openBlockDevice } from '../../../drivers/open/block.ts';
import { openConsole } from '../../../drivers/open/console.ts';
import { openNetwork } from '../../../drivers/open/network.ts';
import { devicePool } from '../../../drivers/open/places.ts';
import type { NetworkDevice } from '../../../kernel/device/network.ts';
import { fulfil, pendingPromise } from '../../../kernel/event/pending.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { dmaAllocate } from '../../../kernel/hal/dma-pool.ts';
import { memoryFree } from '../../../kernel/hal/memory.ts';
import { EXIT_SUCCESS, exit } from '../../../kernel/hal/power.ts';

/** So many are not counted: what is made once is made then. */
const WARM_UP = 1000;
const COUNT = 10_000;

const LENGTH = 4096;

let free = 0;

const begin = (): void => {
  free = memoryFree();
};

const end = (name: string): void => {
  const bytes = free - memoryFree();
  consoleWrite(`allocated ${name} ${COUNT} ${bytes}\n`);
};

/** Awaits one after the other. */
const measure = async (name: string, request: () => Promise<unknown>): Promise<void> => {
  for (let i = 0; i < WARM_UP; i++) await request();
  begin();
  for (let i = 0; i < COUNT; i++) await request();
  end(name);
};

/** Two devices that send each other a frame to and fro: nothing is awaited. */
const bounce = (name: string, left: NetworkDevice, right: NetworkDevice, isDma: boolean): Promise<void> => {
  const over = pendingPromise<void>();
  const frame = new Uint8Array(64).fill(0xff, 0, 6);
  let count = 0;
  const answer = (): void => {
    void right.send(frame);
  };
  const next = (): void => {
    count += 1;
    if (count === WARM_UP) begin();
    if (count === WARM_UP + COUNT) {
      end(name);
      fulfil(over, undefined);
    } else void left.send(frame);
  };
  if (isDma) {
    left.onFrameDma(next);
    right.onFrameDma(answer);
  } else {
    left.onFrame(next);
    right.onFrame(answer);
  }
  void left.send(frame);
  return over;
};

await measure('promise', () => {
  const promise = pendingPromise<void>();
  fulfil(promise, undefined);
  return promise;
});

const disk = await openBlockDevice();
const memory = dmaAllocate(devicePool(), LENGTH, LENGTH);
const bytes = new Uint8Array(LENGTH);
await measure('blk-read-dma', () => disk.readDma(0, memory, LENGTH));
await measure('blk-write-dma', () => disk.writeDma(0, memory, LENGTH));
await measure('blk-read-into', () => disk.readInto(0, bytes));
await measure('blk-write', () => disk.write(0, bytes));
await disk.close();

const left = await openNetwork();
const right = await openNetwork({ index: 1 });
await bounce('net-bounce-dma', left, right, true);
await left.close();
await right.close();
const leftAgain = await openNetwork();
const rightAgain = await openNetwork({ index: 1 });
await bounce('net-bounce', leftAgain, rightAgain, false);

const ports = await openConsole();
const port = await ports.waitForPort('zeroes');
const some = new Uint8Array(64);
await measure('console-write', () => port.write(some));
await measure('console-read-into', () => port.readInto(some));
exit(EXIT_SUCCESS);
