// A driver and a device on one queue, doing what they like between two memory accesses of each other, checked against a model.

import {
  add,
  allowInterrupts,
  detachNext,
  fill,
  kick,
  pop,
  reserve,
  restart,
  suppressInterrupts,
} from '../../../../../drivers/virtio/queue/queue.ts';
import {
  DEVICE_READS,
  DEVICE_WRITES,
  QUEUE_EMPTY,
  QUEUE_FULL,
  type Queue,
} from '../../../../../drivers/virtio/queue/record.ts';
import { addShort, canAddShort } from '../../../../../drivers/virtio/queue/short.ts';
import { Random } from '../../../../native/random.ts';
import type { SimMachine } from '../../../../sim/machine.ts';
import { SimStoreBuffer } from '../../../../sim/store-buffer.ts';
import type { SimBuffer, SimChain } from '../../../../sim/virtio/ring-layout.ts';
import { SimRingWorker } from '../../../../sim/virtio/ring-worker.ts';
import { DATA, makeQueue, type QueueOptions, ringOf } from './harness.ts';

export interface ScheduleOptions extends QueueOptions {
  readonly seed: number;
  /** Stores that the processor holds back at most. */
  readonly storeBuffer: number;
  readonly fenceWorks?: boolean;
  /** Whether the driver sleeps until interrupts. It must not where fences do nothing: they are lost as kicks are. */
  readonly sleeps?: boolean;
}

interface Chain {
  readonly readable: SimBuffer[];
  readonly writable: SimBuffer[];
}

/** A chain that was added; the device may see it from the kick on. */
interface Sent extends Chain {
  isKicked: boolean;
}

const CHAIN_LENGTH_MAX = 9;

/** Whether a chain is one that `addShort` can make: something to read, then one buffer more, then perhaps one to write. */
const isShort = ({ readable, writable }: Chain): boolean => {
  if (readable.length + writable.length === 2) return readable.length > 0;
  return readable.length + writable.length === 3 && readable.length > 0 && writable.length > 0;
};

const addAsShort = (queue: Queue, { readable, writable }: Chain): void => {
  const [first, second, third = { offset: 0, length: 0 }] = [...readable, ...writable];
  const direction = readable.length > 1 ? DEVICE_READS : DEVICE_WRITES;
  const [a, b, c] = [first!, second!, third];
  addShort(queue, a.offset, a.length, b.offset, b.length, direction, c.offset, c.length);
};

/** One run. `step` until satisfied; it throws at the first disagreement. */
export class Schedule {
  readonly queue: Queue;
  readonly machine: SimMachine;
  worker: SimRingWorker;
  popped = 0;
  private readonly options: ScheduleOptions;
  private readonly random: Random;
  private readonly memory: SimStoreBuffer;
  /** What the driver added and has not got back, by head. */
  private readonly sent = new Map<number, Sent>();
  private waitsFrom: number | undefined;
  private deviceMayRun = false;

  constructor(options: ScheduleOptions, queue?: Queue) {
    const { machine, queue: made, ring } = makeQueue({ trustsSuppression: true, ...options }, queue);
    this.options = options;
    this.machine = machine;
    this.queue = made;
    this.random = new Random(options.seed);
    this.worker = new SimRingWorker(ring, (limit) => this.random.below(limit));
    this.worker.onTake = (chain) => this.compare(chain);
    this.memory = new SimStoreBuffer({
      depth: options.storeBuffer,
      fenceWorks: options.fenceWorks ?? true,
      between: () => this.between(),
      drains: (count) => this.random.below(count + 1),
    });
    machine.processorMemory = this.memory;
  }

  /** Lets the driver do one thing, and the device whatever it likes meanwhile. */
  step(): void {
    this.deviceMayRun = true;
    const action = this.random.below(32);
    if (action < 10) this.send();
    else if (action < 16) this.ring();
    else if (action < 28) this.takeBack();
    else if (action < 31) this.turnInterrupts();
    else if (this.random.below(200) === 0) this.reset();
    this.deviceMayRun = false;
    for (let i = this.random.below(4); i > 0; i--) this.worker.step();
    this.check();
  }

  /** Returns whether the device sleeps while chains are there that it was not told of. */
  get isKickLost(): boolean {
    return this.memory.isEmpty && this.worker.isAsleep && this.worker.ring.hasMore;
  }

  fail(what: string): never {
    throw new Error(`${JSON.stringify(this.options)}: ${what}`);
  }

  private between(): void {
    if (!this.deviceMayRun || this.random.below(3) !== 0) return;
    this.deviceMayRun = false; // Its own accesses are not the processor's.
    this.worker.step();
    this.deviceMayRun = true;
  }

  private send(): void {
    const { queue, random } = this;
    const count = 1 + random.below(Math.min(queue.size, CHAIN_LENGTH_MAX));
    const readableCount = random.below(count + 1);
    const buffers = Array.from({ length: count }, () => ({
      offset: DATA + random.below(0x10000),
      length: 1 + random.below(0x1000),
    }));
    const [readable, writable] = [buffers.slice(0, readableCount), buffers.slice(readableCount)];
    const sent = { readable, writable, isKicked: false };
    if (isShort(sent) && canAddShort(queue) && random.below(2) === 0) {
      this.sent.set(queue.freeHead, sent);
      addAsShort(queue, sent);
      return;
    }
    const before = queue.freeCount;
    const head = reserve(queue, count);
    if (head === QUEUE_FULL) {
      const fitsTable = before > 0 && count > 1 && count <= queue.tableLength;
      if (count <= before || fitsTable) this.fail(`${count} descriptors do not fit, ${before} are free`);
      return;
    }
    if (head < 0 || this.sent.has(head)) this.fail(`reserve returned ${head}`);
    this.sent.set(head, sent);
    for (const { offset, length } of sent.readable) fill(queue, offset, length, DEVICE_READS);
    for (const { offset, length } of sent.writable) fill(queue, offset, length, DEVICE_WRITES);
    add(queue);
  }

  private ring(): void {
    for (const sent of this.sent.values()) sent.isKicked = true; // The device may see them before `kick` returns.
    const rings = kick(this.queue);
    if (rings) {
      this.memory.drain(); // A doorbell is a device register.
      this.worker.notify();
    }
  }

  private takeBack(): void {
    const head = pop(this.queue);
    if (head === QUEUE_EMPTY) return;
    const expected = this.worker.returned.shift();
    if (expected?.head !== head || expected.length !== this.queue.poppedLength) {
      this.fail(`popped ${head} with ${this.queue.poppedLength} bytes, expected ${JSON.stringify(expected)}`);
    }
    this.sent.delete(head);
    this.popped++;
    this.waitsFrom = undefined;
  }

  private turnInterrupts(): void {
    this.waitsFrom = undefined;
    if (this.random.below(2) === 0) {
      suppressInterrupts(this.queue);
      return;
    }
    const before = this.worker.ring.interrupts;
    if (!allowInterrupts(this.queue) && this.options.sleeps !== false) this.waitsFrom = before;
  }

  /** The device is reset: it forgets all, and the driver takes everything back. */
  private reset(): void {
    this.memory.drain();
    this.deviceMayRun = false;
    const heads = new Set<number>();
    for (let head = detachNext(this.queue); head !== QUEUE_EMPTY; head = detachNext(this.queue)) heads.add(head);
    if (heads.size !== this.sent.size || [...heads].some((head) => !this.sent.has(head))) {
      this.fail(`detached ${[...heads]}, expected ${[...this.sent.keys()]}`);
    }
    restart(this.queue);
    this.sent.clear();
    this.waitsFrom = undefined;
    this.worker = new SimRingWorker(ringOf(this.machine, this.queue), (limit) => this.random.below(limit));
    this.worker.onTake = (chain) => this.compare(chain);
  }

  private compare(chain: SimChain): void {
    const sent = this.sent.get(chain.head);
    if (sent === undefined || !sent.isKicked) this.fail(`the device sees head ${chain.head}, which was not sent`);
    const same = (left: readonly SimBuffer[], right: readonly SimBuffer[]): boolean =>
      left.length === right.length &&
      left.every((each, i) => each.offset === right[i]!.offset && each.length === right[i]!.length);
    if (!same(chain.readable, sent.readable) || !same(chain.writable, sent.writable)) {
      this.fail(`the device sees ${JSON.stringify(chain)}, sent was ${JSON.stringify(sent)}`);
    }
  }

  private check(): void {
    const { queue, machine, worker } = this;
    if (machine.violations.length > 0) this.fail(machine.violations.join('; '));
    if (queue.broken) this.fail(`the queue is broken: ${queue.faultCode}`);
    if (queue.inFlight !== this.sent.size) this.fail(`${queue.inFlight} in flight, expected ${this.sent.size}`);
    // Asleep until an interrupt, and something has come back: there must have been one.
    if (this.waitsFrom !== undefined && worker.returned.length > 0 && worker.ring.interrupts === this.waitsFrom) {
      this.fail('a chain came back without the interrupt that the driver waits for');
    }
  }
}
