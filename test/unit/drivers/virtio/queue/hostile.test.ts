import { describe, expect, it } from 'vitest';
import { describeQueueFault } from '../../../../../drivers/virtio/queue/fault.ts';
import {
  allowInterrupts,
  detachNext,
  kick,
  pop,
  restart,
  suppressInterrupts,
} from '../../../../../drivers/virtio/queue/queue.ts';
import { QUEUE_BROKEN, QUEUE_EMPTY, Queue } from '../../../../../drivers/virtio/queue/record.ts';
import { Random } from '../../../../native/random.ts';
import { type BothSides, LAYOUTS, makeQueue, put, ringOf, send } from './harness.ts';

const SIZE = 8;

/** The queue says what was wrong, takes and gives nothing more, and still knows what the device has. */
const expectBroken = ({ machine, queue }: BothSides, fault: string, inFlight: number): void => {
  expect(pop(queue)).toBe(QUEUE_BROKEN);
  expect(describeQueueFault(queue)).toBe(`queue 0: the device returned ${fault}`);
  expect([pop(queue), send(queue, 1)]).toEqual([QUEUE_BROKEN, QUEUE_BROKEN]);
  const heads = new Set<number>();
  for (let head = detachNext(queue); head !== QUEUE_EMPTY; head = detachNext(queue)) heads.add(head);
  expect(heads.size).toBe(inFlight);
  restart(queue);
  const ring = ringOf(machine, queue);
  const head = send(queue, 2);
  ring.take();
  ring.give(head, 100);
  expect([pop(queue), queue.faultCode]).toEqual([head, 0]);
};

describe.each(LAYOUTS)('a lying device breaks its $name queue', ({ packed }) => {
  it('with a head that no chain can have', () => {
    const both = makeQueue({ packed });
    send(both.queue, 1);
    both.ring.take();
    both.ring.give(SIZE, 0);
    expectBroken(both, 'head 8, expected one below 8', 1);
  });

  it('with a head that it was never given', () => {
    const both = makeQueue({ packed });
    send(both.queue, 1);
    both.ring.take();
    both.ring.give(5, 0);
    expectBroken(both, 'head 5, which it does not have', 1);
  });

  it('with a head that it gave back before', () => {
    const both = makeQueue({ packed });
    const first = send(both.queue, 1);
    send(both.queue, 1);
    both.ring.take();
    both.ring.give(first, 0);
    expect(pop(both.queue)).toBe(first);
    both.ring.give(first, 0);
    expectBroken(both, `head ${first}, which it does not have`, 1);
  });

  it('with a head that was added and not given to it yet', () => {
    const both = makeQueue({ packed });
    send(both.queue, 1);
    const next = put(both.queue, 1);
    both.ring.take();
    both.ring.give(next, 0);
    expectBroken(both, `head ${next}, which it does not have`, 2);
  });

  it('after which it is given no more', () => {
    const { queue, ring } = makeQueue({ packed });
    send(queue, 1);
    ring.take();
    put(queue, 1);
    ring.give(SIZE, 0);
    expect([pop(queue), kick(queue), ring.take()]).toEqual([QUEUE_BROKEN, false, []]);
  });
});

describe.each(LAYOUTS)('W24: a length beyond the writable bytes of a chain breaks its $name queue', ({ packed }) => {
  it('with more than it could write', () => {
    const both = makeQueue({ packed });
    const head = send(both.queue, 3);
    both.ring.take();
    both.ring.give(head, 201);
    expectBroken(both, 'a chain with 201 bytes written, expected at most 200', 1);
  });

  it('with a length for a chain that it could only read', () => {
    const both = makeQueue({ packed });
    const head = send(both.queue, 1);
    both.ring.take();
    both.ring.give(head, 1);
    expectBroken(both, 'a chain with 1 bytes written, expected at most 0', 1);
  });
});

describe.each(LAYOUTS)('a $name queue of which a driver expects no lengths', ({ packed }) => {
  it('is not broken by one, which counts for nothing', () => {
    const both = makeQueue({ packed });
    both.queue.ignoresLengths = true;
    const head = send(both.queue, 1);
    both.ring.take();
    both.ring.give(head, 8);
    expect([pop(both.queue), both.queue.poppedLength, both.queue.broken]).toEqual([head, 0, false]);
  });
});

describe('a lying device breaks its split queue', () => {
  it.each([0x10000, 0x80000000, 0xffffffff])('with head %i, of which a part would do', (head) => {
    const both = makeQueue();
    send(both.queue, 1);
    both.ring.take();
    both.ring.give(head, 0);
    expectBroken(both, `head ${head}, expected one below 8`, 1);
  });

  it('with the middle of a chain', () => {
    const both = makeQueue();
    const head = send(both.queue, 3);
    both.ring.take();
    both.ring.give(head + 1, 0);
    expectBroken(both, `head ${head + 1}, which it does not have`, 1);
  });

  it('with an index that runs ahead of what it was given', () => {
    const both = makeQueue();
    send(both.queue, 1);
    both.ring.take();
    both.ring.skip(2);
    expectBroken(both, '2 chains, expected at most the 1 that it has', 1);
  });

  it('with an index that runs into what was added and not given to it yet', () => {
    const both = makeQueue();
    send(both.queue, 1);
    put(both.queue, 1);
    both.ring.take();
    both.ring.skip(2);
    expectBroken(both, '2 chains, expected at most the 1 that it has', 2);
  });

  it('with an index that runs backwards', () => {
    const both = makeQueue();
    const head = send(both.queue, 1);
    both.ring.take();
    both.ring.give(head, 0);
    pop(both.queue);
    both.ring.skip(-1);
    expectBroken(both, '65535 chains, expected at most the 0 that it has', 0);
  });

  it('with a batch, in order, that ends with a chain beyond its index', () => {
    const both = makeQueue({ inOrder: true });
    send(both.queue, 1);
    const second = send(both.queue, 1);
    both.ring.take();
    both.ring.give(second, 0);
    expectBroken(both, 'a batch of 2 chains, expected at most 1', 2);
  });
});

describe('a lying device breaks its packed queue', () => {
  it('with an answer when it was given nothing', () => {
    const both = makeQueue({ packed: true });
    both.ring.give(0, 0);
    expectBroken(both, '1 chains, expected at most the 0 that it has', 0);
  });

  it('with an answer to what was added and not given to it yet', () => {
    const both = makeQueue({ packed: true });
    const head = put(both.queue, 1);
    both.ring.give(head, 0);
    expectBroken(both, '1 chains, expected at most the 0 that it has', 1);
  });
});

describe('a device that does not say in a packed queue whether it wrote', () => {
  it('as those of QEMU, is believed a length that can be', () => {
    const { queue, ring } = makeQueue({ packed: true });
    ring.leavesWriteFlagOut = true;
    const heads = [send(queue, 2), send(queue, 1)];
    ring.take();
    ring.give(heads[0]!, 100);
    expect([pop(queue), queue.poppedLength]).toEqual([heads[0], 100]);
    ring.give(heads[1]!, 16); // What it could only read: the length is left over from the descriptor.
    expect([pop(queue), queue.poppedLength]).toEqual([heads[1], 0]);
  });
});

describe('a device from before VIRTIO 1.0', () => {
  it('may return wrong lengths, which are cut to what it could write', () => {
    const { queue, ring } = makeQueue({ legacy: true });
    const head = send(queue, 2);
    ring.take();
    ring.give(head, 5000);
    expect([pop(queue), queue.poppedLength]).toEqual([head, 100]);
  });
});

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const STEPS = Number(process.env['STEPS'] ?? 4_000);

/** What a device does that writes whatever it likes, wherever it may. */
class Vandal {
  private readonly both: BothSides;
  private readonly random: Random;
  private readonly taken: number[] = [];

  constructor(both: BothSides, random: Random) {
    this.both = both;
    this.random = random;
  }

  step(): void {
    const { random, both } = this;
    const { ring, queue } = both;
    const action = random.below(16);
    if (action < 6) {
      const chain = ring.takeOne();
      if (chain !== undefined) this.taken.push(chain.head);
    } else if (action < 13) {
      if (this.taken.length > 0) ring.give(this.taken.splice(random.below(this.taken.length), 1)[0]!, 0);
    } else if (action === 13)
      ring.give(random.pick([0, 1, queue.size - 1, queue.size, 0xffff, random.below(65536)]), 0);
    else if (action === 14) ring.give(this.taken[0] ?? 0, random.pick([1, 101, 201, 0xffffffff]));
    else this.scribble();
  }

  /** Writes any bytes anywhere in the three areas. */
  private scribble(): void {
    const { machine, queue } = this.both;
    const at = queue.memory + this.random.below(queue.ringLength);
    const length = Math.min(1 + this.random.below(8), queue.memory + queue.ringLength - at);
    for (let i = 0; i < length; i++) machine.dma[at + i] = this.random.below(256);
  }
}

/** A driver that goes on whatever the device does, and knows which heads are out. */
class Stoic {
  /** How often the queue broke. */
  broken = 0;
  private both: BothSides;
  private vandal: Vandal;
  private readonly random: Random;
  private readonly out = new Set<number>();

  constructor(both: BothSides, random: Random) {
    this.both = both;
    this.random = random;
    this.vandal = new Vandal(both, random);
  }

  step(): void {
    const { random } = this;
    const { queue } = this.both;
    const sent = put(queue, 1 + random.below(Math.min(queue.size, 3)));
    if (sent >= 0 && this.out.has(sent)) throw new Error(`head ${sent} is out twice`);
    if (sent >= 0) this.out.add(sent);
    if (random.below(3) === 0) kick(queue);
    for (let i = random.below(4); i > 0; i--) this.vandal.step();
    if (random.below(10) === 0) allowInterrupts(queue);
    if (random.below(10) === 0) suppressInterrupts(queue);
    const head = pop(queue);
    if (head === QUEUE_BROKEN) this.startAgain();
    else if (head >= 0) {
      this.comesBack(head);
      expect(queue.poppedLength).toBeLessThanOrEqual(queue.poppedWritable);
    }
  }

  private startAgain(): void {
    const { machine, queue } = this.both;
    this.broken++;
    for (let head = detachNext(queue); head !== QUEUE_EMPTY; head = detachNext(queue)) this.comesBack(head);
    expect(this.out.size).toBe(0);
    restart(queue);
    this.both = { machine, queue, ring: ringOf(machine, queue) };
    this.vandal = new Vandal(this.both, this.random);
  }

  private comesBack(head: number): void {
    if (!this.out.delete(head)) throw new Error(`head ${head} came back, which was not out`);
  }
}

describe.each(LAYOUTS)(`whatever a device writes into a $name queue (SEED=${SEED})`, ({ packed }) => {
  const made = new Queue();

  it.each([1, 2, 3, 8, 16].filter((size) => packed || size !== 3))('each head comes back once, %i elements', (size) => {
    const random = new Random(SEED);
    for (const inOrder of [false, true]) {
      for (const eventIndex of [false, true]) {
        const options = { packed, size, inOrder, eventIndex, tableLength: 2, trustsSuppression: true };
        const driver = new Stoic(makeQueue(options, made), random);
        for (let step = 0; step < STEPS; step++) driver.step();
        expect(driver.broken).toBeGreaterThan(0);
      }
    }
  });
});
