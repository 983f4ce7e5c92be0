// An image that has the event loop do what its command line names, and says what came of it. loop.test.ts

import type { MmioOffset, PhysicalAddress } from '../../../kernel/base/machine.ts';
import { fulfil, pendingPromise } from '../../../kernel/event/pending.ts';
import { addSource, type EventSource, wake } from '../../../kernel/event/source.ts';
import { sleep, uptime } from '../../../kernel/event/time.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { interruptAllocate, interruptCount } from '../../../kernel/hal/interrupts.ts';
import { mmioMap } from '../../../kernel/hal/mmio.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { areTicksOver, maskTicks, sendVector, spinTicks, startTicks, unmaskTicks } from './loop-machine.ts';

const MILLISECOND = 1_000_000;

const say = (line: string): void => consoleWrite(`${line}\n`);

const apic: MmioOffset = mmioMap(0xfee00000 as PhysicalAddress, 4096);

/** The local APIC's timer as a device. `isSpun` says whether its requests count, so that the loop spins for them. */
class TickDevice implements EventSource {
  pendingCount = 0;
  readonly wakeAt = Infinity;
  readonly vector = interruptAllocate();
  private readonly isSpun: boolean;
  private waiting: Promise<void> | undefined;
  armCount = 0;
  refusedCount = 0;

  constructor(isSpun: boolean) {
    this.isSpun = isSpun;
    addSource(this, [this.vector]);
  }

  /** Is fulfilled when `count` ticks have passed. */
  request(count: number): Promise<void> {
    this.waiting = pendingPromise<void>();
    if (this.isSpun) this.pendingCount = 1;
    startTicks(apic, this.vector, count);
    wake(this);
    return this.waiting;
  }

  poll(): boolean {
    maskTicks(apic, this.vector);
    if (this.waiting === undefined || !areTicksOver(apic)) return false;
    const promise = this.waiting;
    this.waiting = undefined;
    this.pendingCount = 0;
    fulfil(promise, undefined);
    return true;
  }

  spin(deadline: number): boolean {
    return spinTicks(apic, deadline);
  }

  arm(): boolean {
    this.armCount++;
    unmaskTicks(apic, this.vector);
    if (this.waiting === undefined || !areTicksOver(apic)) return true;
    this.refusedCount++;
    return false;
  }
}

/** Keeps the program alive and never has anything. */
const keepAlive = (): EventSource => {
  const source = { pendingCount: 1, wakeAt: Infinity, poll: () => false, spin: () => false, arm: () => true };
  addSource(source, []);
  return source;
};

/** Awaits a request of every length from `first` to `last` ticks: one of them ends at each instruction up to the halt. */
const sweep = async (first: number, last: number): Promise<void> => {
  const keeper = keepAlive() as { pendingCount: number };
  const device = new TickDevice(false);
  let count = 0;
  for (let ticks = first; ticks <= last; ticks++) {
    await device.request(ticks);
    count++;
  }
  keeper.pendingCount = 0;
  const interrupts = interruptCount(device.vector);
  say(
    `sweep ${count} found by polling ${count - interrupts > 0} while armed ${device.refusedCount > 0} by interrupt ${interrupts > 0}`,
  );
};

/** The same with requests that the loop spins for, of lengths on both sides of where it stops to. */
const spun = async (count: number): Promise<void> => {
  const device = new TickDevice(true);
  let done = 0;
  for (let index = 0; index < count; index++) {
    await device.request(1 + ((index * 7919) % 200_003));
    done++;
  }
  say(
    `spun ${done} interrupts ${interruptCount(device.vector) > 0} fewer than requests ${interruptCount(device.vector) < count}`,
  );
};

/**
 * How long it is from an interrupt to the line behind the await, in nanoseconds. It is sent when the loop has looked everywhere and is about to
 * halt.
 */
const latency = async (count: number): Promise<void> => {
  const vector = interruptAllocate();
  let promise = pendingPromise<void>();
  let sentAt = 0;
  const source = {
    pendingCount: 1,
    wakeAt: Infinity,
    poll: () => {
      if (sentAt === 0) return false;
      fulfil(promise, undefined);
      return true;
    },
    spin: () => false,
    arm: () => {
      sentAt = clockNow();
      sendVector(apic, vector);
      return true;
    },
  };
  addSource(source, [vector]);
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    promise = pendingPromise<void>();
    sentAt = 0;
    await promise;
    times.push(clockNow() - sentAt);
  }
  source.pendingCount = 0;
  times.sort((a, b) => a - b);
  say(`latency median ${times[count >> 1]} best ${times[0]}`);
};

/** How long a request takes whose answer is there at the first look: what the loop, the promise and the await add, in nanoseconds. */
const quick = async (count: number): Promise<void> => {
  let promise = pendingPromise<void>();
  const source = {
    pendingCount: 1,
    wakeAt: Infinity,
    poll: () => {
      fulfil(promise, undefined);
      return true;
    },
    spin: () => true,
    arm: () => true,
  };
  addSource(source, []);
  const start = clockNow();
  for (let index = 0; index < count; index++) {
    promise = pendingPromise<void>();
    await promise;
  }
  source.pendingCount = 0;
  say(`quick ${Math.floor((clockNow() - start) / count)}`);
};

/** How late timers are, in microseconds; none may be early. */
const timers = async (count: number): Promise<void> => {
  let latest = 0;
  let early = 0;
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const delay = 1 + ((index * 7919) % 1009);
      const start = Math.floor(clockNow() / MILLISECOND);
      await sleep(delay);
      const late = clockNow() / MILLISECOND - start - delay;
      if (late < 0) early++;
      if (late > latest) latest = late;
    }),
  );
  say(`timers ${count} early ${early} latest ${Math.floor(latest)} ms`);
};

const seconds = (count: number): void => {
  let second = 0;
  const interval = setInterval(() => {
    second++;
    say(`second ${second} up ${uptime().toFixed(1)}`);
    if (second === count) clearInterval(interval);
  }, 1000);
};

const run = async (): Promise<void> => {
  for (const { name, value } of readOptions()) {
    const count = Number(value);
    if (name === 'sweep') await sweep(1, count);
    if (name === 'spun') await spun(count);
    if (name === 'latency') await latency(count);
    if (name === 'quick') await quick(count);
    if (name === 'timers') await timers(count);
    if (name === 'seconds') seconds(count);
  }
};

void run();
