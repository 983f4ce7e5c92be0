import { describe, expect, it } from 'vitest';
import {
  addBuffer,
  armBuffers,
  BUFFERS_BROKEN,
  Buffers,
  beginBuffer,
  CARE_EXPIRED,
  CARE_NONE,
  CARE_REKICKED,
  createBuffers,
  describeBuffers,
  endBuffer,
  fillReadable,
  fillWritable,
  freeBuffer,
  kickBuffers,
  lookAfter,
  NO_BUFFER,
  newerThan,
  nextCare,
  oldestUnderWay,
  readablePart,
  restoreBuffers,
  spinBuffers,
  takeFree,
  takeLost,
  takeReturned,
  writablePart,
} from '../../../../drivers/virtio/buffers.ts';
import { describeFault } from '../../../../drivers/virtio/describe.ts';
import { finish } from '../../../../drivers/virtio/initialize.ts';
import { giveMemoryBack } from '../../../../drivers/virtio/memory.ts';
import { fill } from '../../../../drivers/virtio/queue/queue.ts';
import { DEVICE_WRITES } from '../../../../drivers/virtio/queue/record.ts';
import { giveUp } from '../../../../drivers/virtio/reset.ts';
import { beginAgain } from '../../../../drivers/virtio/restart.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { NO_DEADLINE } from '../../../../kernel/hal/interrupts.ts';
import { SimVirtioDevice, type SimVirtioOptions } from '../../../sim/virtio/device.ts';
import type { SimChain } from '../../../sim/virtio/ring-layout.ts';
import { begun, openedDevice, TRANSPORTS } from './transport/harness.ts';

const MS = 1_000_000;

/** What the buffers of a test are like. */
interface Shape extends Partial<SimVirtioOptions> {
  readonly count?: number;
  readonly readable?: number;
  readonly writable?: number;
  readonly pieces?: number;
  readonly deadlineMs?: number;
}

/** A device that only collects chains, and the driver's buffers on its queue 0. */
const made = (shape: Shape = {}, buffers = new Buffers()) => {
  const { count = 4, readable = 16, writable = 32, pieces = 0, deadlineMs = 100, ...options } = shape;
  const chains: SimChain[] = [];
  const all = begun(
    openedDevice((machine) => ({
      device: new SimVirtioDevice(machine, {
        features: [32],
        queueSizes: [16],
        config: new Uint8Array(8),
        ...options,
        deviceType: 4,
        onNotify: (device, queue) => chains.push(...device.rings[queue]!.take()),
      }),
    })),
    options.features ?? [32],
  );
  const free = dmaFreeBytes(all.pool);
  describeBuffers(buffers, count, readable, writable, pieces, deadlineMs);
  const isMade = createBuffers(all.transport, all.pool, 0, buffers);
  if (isMade) finish(all.transport);
  return { ...all, buffers, chains, isMade, free };
};

/** Adds a free buffer as long as it is. Returns it. */
const send = (buffers: Buffers): number => {
  const index = takeFree(buffers);
  expect(addBuffer(buffers, index, buffers.readableLength, buffers.writableLength)).toBe(true);
  return index;
};

describe('buffers of a queue', () => {
  it.each(TRANSPORTS)('go to the device and come back, over %s', (transport) => {
    const { buffers, chains, device, machine } = made({ transport });
    const index = takeFree(buffers);
    machine.dma.set([1, 2, 3], readablePart(buffers, index));
    expect(addBuffer(buffers, index, 3, 5)).toBe(true);
    kickBuffers(buffers);
    expect(chains).toMatchObject([
      {
        readable: [{ offset: readablePart(buffers, index), length: 3 }],
        writable: [{ offset: writablePart(buffers, index), length: 5 }],
      },
    ]);
    expect(takeReturned(buffers)).toBe(NO_BUFFER);
    device.rings[0]!.give(chains[0]!.head, 4);
    expect([takeReturned(buffers), buffers.writtenLength, takeReturned(buffers)]).toEqual([index, 4, NO_BUFFER]);
    expect(machine.violations).toEqual([]);
  });

  it.each([[{ readable: 0 }], [{ writable: 0 }]])('may have one part: %o', (shape) => {
    const { buffers, chains, machine } = made(shape);
    send(buffers);
    kickBuffers(buffers);
    expect([chains[0]!.readable.length, chains[0]!.writable.length]).toEqual('readable' in shape ? [0, 1] : [1, 0]);
    expect(machine.violations).toEqual([]);
  });

  it('lie beside each other, each part at a cache line of its own', () => {
    const { buffers } = made({ readable: 65, writable: 1 });
    const places = [0, 1].flatMap((index) => [readablePart(buffers, index), writablePart(buffers, index)]);
    expect(places.map((place) => place - places[0]!)).toEqual([0, 128, 192, 320]);
  });

  it('can all be under way at once, and then there is none', () => {
    const { buffers, chains, machine } = made({ count: 8 });
    expect(buffers.count).toBe(8);
    for (let i = 0; i < 8; i++) expect(send(buffers)).toBe(i);
    expect(takeFree(buffers)).toBe(NO_BUFFER);
    kickBuffers(buffers);
    expect([chains.length, machine.violations]).toEqual([8, []]);
  });

  it('are as many as the queue of the device holds', () => {
    expect(made({ count: 100, queueSizes: [8] }).buffers.count).toBe(4);
    expect(made({ count: 100, queueSizes: [8], pieces: 2 }).buffers.count).toBe(2);
  });

  it('are not made when a chain does not fit into the queue', () => {
    const { isMade, transport } = made({ queueSizes: [2], pieces: 2 });
    expect(isMade).toBe(false);
    expect(describeFault(transport).message).toBe('queue 0: it has 2 elements, a request takes 4');
  });

  it.each([
    ['split', [28, 32]],
    ['packed', [28, 32, 34]],
  ])(
    'are as many as a %s queue has elements where long chains go into tables, and all of them can be under way',
    (_, features) => {
      const { buffers, chains, device, machine } = made({ count: 100, queueSizes: [16], pieces: 4, features });
      expect(buffers.count).toBe(16);
      for (let round = 0; round < 3; round++) {
        for (let i = 0; i < 16; i++) send(buffers);
        kickBuffers(buffers);
        for (const { head } of chains.splice(0)) device.rings[0]!.give(head, 0);
        for (let i = 0; i < 16; i++) freeBuffer(buffers, takeReturned(buffers));
      }
      expect([buffers.freeCount, machine.violations]).toEqual([16, []]);
    },
  );

  it('are told apart in whatever order they come back, and recycled', () => {
    const { buffers, chains, device, machine } = made({ readable: 0 });
    for (let i = 0; i < 4; i++) send(buffers);
    kickBuffers(buffers);
    for (const at of [2, 0, 3]) device.rings[0]!.give(chains[at]!.head, at);
    for (const expected of [2, 0, 3]) {
      expect([takeReturned(buffers), buffers.writtenLength]).toEqual([expected, expected]);
      expect(addBuffer(buffers, expected, 0, 32)).toBe(true);
    }
    const order = [oldestUnderWay(buffers)];
    while (newerThan(buffers, order.at(-1)!) !== NO_BUFFER) order.push(newerThan(buffers, order.at(-1)!));
    expect([order, machine.violations]).toEqual([[1, 2, 0, 3], []]);
  });

  it('may have further pieces, in the order that the device expects', () => {
    const { buffers, chains, machine, pool, transport } = made({ pieces: 1 });
    const index = takeFree(buffers);
    expect(beginBuffer(buffers, index, 3)).toBe(true);
    fillReadable(buffers, index, 16);
    fill(buffers.queue, 0x8000, 512, DEVICE_WRITES);
    fillWritable(buffers, index, 1);
    endBuffer(buffers, index);
    kickBuffers(buffers);
    expect(chains[0]!.writable).toEqual([
      { offset: 0x8000, length: 512 },
      { offset: writablePart(buffers, index), length: 1 },
    ]);
    expect(machine.violations).toEqual([]);
    expect([pool.count > 0, transport.memory.count]).toEqual([true, 2]);
  });

  it('are told of with one notification', () => {
    const { buffers, device } = made();
    for (let i = 0; i < 4; i++) send(buffers);
    kickBuffers(buffers);
    kickBuffers(buffers);
    expect(device.notifications).toBe(1);
  });

  it.each([
    ['added', (buffers: Buffers, index: number) => addBuffer(buffers, index, 16, 32)],
    ['freed', (buffers: Buffers, index: number) => freeBuffer(buffers, index)],
  ])('are not %s while they are under way', (_, misuse) => {
    const { buffers } = made();
    const index = send(buffers);
    expect(() => misuse(buffers, index)).toThrow(/assertion failed/);
  });

  it('are not added longer than they are', () => {
    const { buffers } = made();
    expect(() => addBuffer(buffers, takeFree(buffers), 17, 0)).toThrow(/assertion failed/);
    const { buffers: others } = made();
    expect(() => addBuffer(others, takeFree(others), 0, 33)).toThrow(/assertion failed/);
  });
});

describe('a device that lies about buffers', () => {
  it.each([
    ['a head that it does not have', 9, 4],
    ['a head that there is not', 1000, 4],
    ['more bytes than fit', 0, 33],
  ])('and returns %s breaks the queue', (_, head, length) => {
    const { buffers, device } = made();
    send(buffers);
    kickBuffers(buffers);
    device.rings[0]!.give(head, length);
    expect(takeReturned(buffers)).toBe(BUFFERS_BROKEN);
    expect(addBuffer(buffers, takeFree(buffers), 1, 1)).toBe(false);
  });

  it('and returns one twice breaks the queue', () => {
    const { buffers, chains, device } = made();
    send(buffers);
    send(buffers);
    kickBuffers(buffers);
    device.rings[0]!.give(chains[0]!.head, 1);
    device.rings[0]!.give(chains[0]!.head, 1);
    expect([takeReturned(buffers), takeReturned(buffers)]).toEqual([0, BUFFERS_BROKEN]);
  });
});

describe('a device that is late with buffers', () => {
  it('is notified again after 10 ms, and late at the deadline of the oldest', () => {
    const { buffers, device, machine } = made();
    send(buffers);
    kickBuffers(buffers);
    const sentAt = machine.now;
    expect(lookAfter(buffers)).toBe(CARE_NONE);
    expect(nextCare(buffers) - sentAt).toBeLessThan(11 * MS);
    machine.now = sentAt + 50 * MS;
    send(buffers);
    kickBuffers(buffers);
    expect([lookAfter(buffers), device.notifications]).toEqual([CARE_REKICKED, 3]);
    machine.now = sentAt + 98 * MS;
    lookAfter(buffers);
    expect(nextCare(buffers)).toBe(sentAt + 100 * MS);
    machine.now = sentAt + 100 * MS;
    expect(lookAfter(buffers)).toBe(CARE_EXPIRED);
  });

  it('is not, when there is no deadline or nothing under way', () => {
    const { buffers, device, machine } = made({ deadlineMs: 0 });
    send(buffers);
    kickBuffers(buffers);
    machine.now += 1000 * MS;
    expect([lookAfter(buffers), nextCare(buffers), device.notifications]).toEqual([CARE_NONE, NO_DEADLINE, 1]);
    const { buffers: idle } = made();
    expect([lookAfter(idle), nextCare(idle)]).toEqual([CARE_NONE, NO_DEADLINE]);
  });

  it('is asked for an interrupt, unless something is back by then', () => {
    const { buffers, chains, device } = made();
    expect(armBuffers(buffers)).toBe(true);
    send(buffers);
    kickBuffers(buffers);
    expect([armBuffers(buffers), buffers.queue.interruptsAllowed]).toEqual([true, true]);
    device.rings[0]!.give(chains[0]!.head, 1);
    expect([armBuffers(buffers), buffers.queue.interruptsAllowed]).toEqual([false, false]);
  });

  it('is waited for until the deadline', () => {
    const { buffers, chains, device, machine } = made();
    send(buffers);
    kickBuffers(buffers);
    expect(spinBuffers(buffers, machine.now + MS)).toBe(false);
    machine.after(MS, () => device.rings[0]!.give(chains[0]!.head, 1));
    expect(spinBuffers(buffers, machine.now + 2 * MS)).toBe(true);
  });
});

describe('after a reset', () => {
  it('what the device had comes back, the oldest first, and all can be sent again', () => {
    const { buffers, chains, device, machine, transport } = made();
    const memory = buffers.memory;
    for (let i = 0; i < 3; i++) send(buffers);
    kickBuffers(buffers);
    device.rings[0]!.give(chains[0]!.head, 1);
    expect(takeReturned(buffers)).toBe(0);
    expect(beginAgain(transport) && restoreBuffers(transport, buffers) && finish(transport)).toBe(true);
    expect([takeLost(buffers), takeLost(buffers), takeLost(buffers)]).toEqual([1, 2, NO_BUFFER]);
    for (const index of [0, 1, 2]) expect(addBuffer(buffers, index, 16, 32)).toBe(true);
    send(buffers);
    kickBuffers(buffers);
    expect([chains.length, buffers.memory, machine.violations]).toEqual([7, memory, []]);
  });

  it('also what the device was not told of yet comes back, and goes out again with the next kick', () => {
    const { buffers, chains, machine, transport } = made();
    send(buffers);
    kickBuffers(buffers);
    send(buffers); // The device knows nothing of it.
    expect(beginAgain(transport) && restoreBuffers(transport, buffers) && finish(transport)).toBe(true);
    expect([takeLost(buffers), takeLost(buffers), takeLost(buffers)]).toEqual([0, 1, NO_BUFFER]);
    machine.now += 50 * MS;
    for (const index of [0, 1]) expect(addBuffer(buffers, index, 16, 32)).toBe(true);
    kickBuffers(buffers);
    const sentAt = machine.now;
    expect([chains.length, oldestUnderWay(buffers), newerThan(buffers, 0)]).toEqual([3, 0, 1]);
    machine.now = sentAt + 90 * MS;
    expect(lookAfter(buffers)).not.toBe(CARE_EXPIRED);
    machine.now = sentAt + 100 * MS;
    expect(lookAfter(buffers)).toBe(CARE_EXPIRED);
  });

  it('all memory goes back to the pool', () => {
    const { buffers, free, pool, transport } = made();
    send(buffers);
    kickBuffers(buffers);
    expect(dmaFreeBytes(pool)).toBeLessThan(free);
    expect(giveUp(transport) && giveMemoryBack(transport, pool)).toBe(true);
    expect([dmaFreeBytes(pool), pool.count]).toEqual([free, 1]);
  });
});
