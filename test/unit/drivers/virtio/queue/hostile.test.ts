import { describe, expect, it } from 'vitest';
import { describeQueueFault } from '../../../../../drivers/virtio/queue/fault.ts';
import { detachNext, pop, restart } from '../../../../../drivers/virtio/queue/queue.ts';
import { QUEUE_BROKEN, QUEUE_EMPTY } from '../../../../../drivers/virtio/queue/record.ts';
import { type BothSides, LAYOUTS, makeQueue, ringOf, send } from './harness.ts';

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
