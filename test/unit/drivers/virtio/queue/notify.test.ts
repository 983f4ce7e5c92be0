import { describe, expect, it, vi } from 'vitest';
import { attach } from '../../../../../drivers/virtio/queue/doorbell.ts';
import {
  allowInterrupts,
  kick,
  pop,
  REKICK_AFTER_NS,
  suppressInterrupts,
  watch,
} from '../../../../../drivers/virtio/queue/queue.ts';
import {
  DOORBELL_MMIO16,
  DOORBELL_MMIO32,
  DOORBELL_PORT16,
  type Queue,
} from '../../../../../drivers/virtio/queue/record.ts';
import { isEventPassed } from '../../../../../drivers/virtio/queue/split.ts';
import { LAYOUTS, makeQueue, put, send } from './harness.ts';

const ports = vi.hoisted(() => ({ writes: [] as string[] }));
vi.mock('../../../../sim/hal/ports.ts', () => ({
  portWrite16: (port: number, value: number) => ports.writes.push(`16 ${port} ${value}`),
  portWrite32: (port: number, value: number) => ports.writes.push(`32 ${port} ${value}`),
}));
vi.mock('../../../../sim/hal/mmio.ts', () => ({
  mmioWrite16: (offset: number, value: number) => ports.writes.push(`mmio16 ${offset} ${value}`),
  mmioWrite32: (offset: number, value: number) => ports.writes.push(`mmio32 ${offset} ${value}`),
}));

/** Returns what was written to doorbells since the last call. */
const rung = (): string[] => ports.writes.splice(0);

const sendAndKick = (queue: Queue): string[] => {
  put(queue, 1);
  kick(queue);
  return rung();
};

describe('a kick is one write', () => {
  it.each([
    { kind: DOORBELL_MMIO16, plain: 'mmio16 4096 7', data: 'mmio32 4096' },
    { kind: DOORBELL_MMIO32, plain: 'mmio32 4096 7', data: 'mmio32 4096' },
    { kind: DOORBELL_PORT16, plain: '16 4096 7', data: '32 4096' },
  ])('$plain, and $data with NOTIFICATION_DATA', ({ kind, plain, data }) => {
    const { queue } = makeQueue();
    attach(queue, kind, 4096, 7, false);
    expect(sendAndKick(queue)).toEqual([plain]);
    attach(queue, kind, 4096, 7, true);
    expect(sendAndKick(queue)).toEqual([`${data} ${(2 << 16) | 7}`]);
  });

  it('with the available index of a split queue, all 16 bits of it', () => {
    const { queue, ring } = makeQueue();
    attach(queue, DOORBELL_MMIO32, 0, 1, true);
    for (let i = 0; i < 65535; i++) {
      const head = send(queue, 1);
      ring.take();
      ring.give(head, 0);
      pop(queue);
    }
    expect(rung().at(-1)).toBe(`mmio32 0 ${0xffff * 65536 + 1}`);
    expect(sendAndKick(queue)).toEqual(['mmio32 0 1']);
  });

  it('with the next place and the wrap counter of a packed queue', () => {
    const { queue, ring } = makeQueue({ packed: true, size: 3 });
    attach(queue, DOORBELL_MMIO32, 0, 1, true);
    const seen: string[] = [];
    for (let i = 0; i < 6; i++) {
      const head = send(queue, 1);
      ring.take();
      ring.give(head, 0);
      pop(queue);
      seen.push(...rung());
    }
    const value = (off: number, wrap: number): string => `mmio32 0 ${wrap * 2 ** 31 + off * 65536 + 1}`;
    expect(seen).toEqual([value(1, 1), value(2, 1), value(0, 0), value(1, 0), value(2, 0), value(0, 1)]);
  });
});

describe('W1: whether an index has passed an event is asked modulo 2^16, for a whole batch', () => {
  it('at every distance around the wrap', () => {
    for (const index of [0, 1, 2, 5, 255, 32767, 32768, 65533, 65534, 65535]) {
      for (let count = 1; count <= 6; count++) {
        for (let back = -8; back <= 8; back++) {
          const event = (index - back) & 0xffff;
          // Written out: some of the elements index - count … index - 1 is the one at `event`.
          let isPassed = false;
          for (let i = 1; i <= count; i++) isPassed ||= ((index - i) & 0xffff) === event;
          expect([index, count, event, isEventPassed(event, index, count)]).toEqual([index, count, event, isPassed]);
        }
      }
    }
  });

  it.each([false, true])('and so every kick that an honest device waits for is sent, packed: %s', (packed) => {
    for (const batch of [1, 2, 3, 5]) {
      const { machine, queue, ring } = makeQueue({ packed, size: 8, eventIndex: true, trustsSuppression: true });
      for (let round = 0; round < 70_000 / batch; round++) {
        ring.askForNotifications();
        for (let i = 0; i < batch; i++) put(queue, 1);
        if (!kick(queue)) throw new Error(`batch ${batch} round ${round}: the device sleeps on`);
        for (const { head } of ring.take()) ring.give(head, 0);
        while (pop(queue) >= 0);
      }
      expect(machine.violations).toEqual([]);
      rung();
    }
  });
});

describe.each(LAYOUTS)('notifications of a $name queue', ({ packed }) => {
  it.each([false, true])('stop while the device asks for none, EVENT_IDX: %s', (eventIndex) => {
    const { queue, ring } = makeQueue({ packed, eventIndex, trustsSuppression: true });
    ring.askForNotifications();
    expect(sendAndKick(queue)).toHaveLength(1);
    ring.take();
    ring.stopNotifications();
    expect(sendAndKick(queue)).toEqual([]);
    expect(ring.askForNotifications()).toBe(true);
    ring.take();
    ring.askForNotifications();
    expect(sendAndKick(queue)).toHaveLength(1);
  });

  it('are sent all the same where the device is not to be trusted with it', () => {
    const { queue, ring } = makeQueue({ packed, trustsSuppression: false });
    ring.stopNotifications();
    expect(sendAndKick(queue)).toHaveLength(1);
  });
});

describe.each(LAYOUTS)('the watchdog of a $name queue', ({ packed }) => {
  it('sends a lost kick again, says so, and takes the word of the device no more', () => {
    const { queue, ring } = makeQueue({ packed, trustsSuppression: true });
    ring.stopNotifications(); // Its wish for notifications is on its way: it sleeps.
    expect(sendAndKick(queue)).toEqual([]);
    expect(watch(queue, 1_000)).toBe(false);
    expect(watch(queue, 1_000 + REKICK_AFTER_NS - 1)).toBe(false);
    expect([queue.rekickCount, queue.trustsSuppression]).toEqual([0, true]);
    expect(watch(queue, 1_000 + REKICK_AFTER_NS)).toBe(true);
    expect([rung(), queue.rekickCount, queue.trustsSuppression]).toEqual([['16 16 0'], 1, false]);
    expect(watch(queue, 1_001 + REKICK_AFTER_NS)).toBe(false);
    expect(sendAndKick(queue)).toHaveLength(1);
  });

  it('tells the device of what was added meanwhile, too', () => {
    const { queue, ring } = makeQueue({ packed });
    attach(queue, DOORBELL_MMIO32, 0, 1, true);
    sendAndKick(queue);
    put(queue, 1);
    watch(queue, 1_000);
    expect(ring.take()).toHaveLength(1);
    expect(watch(queue, 1_000 + REKICK_AFTER_NS)).toBe(true);
    expect([rung(), ring.take().length]).toEqual([[`mmio32 0 ${(packed ? 0x8002 : 2) * 65536 + 1}`], 1]);
  });

  it('does not wait for what the device has not got', () => {
    const { queue, ring } = makeQueue({ packed });
    put(queue, 1);
    expect([watch(queue, 1_000), watch(queue, 1_000 + REKICK_AFTER_NS)]).toEqual([false, false]);
    kick(queue);
    rung();
    expect(watch(queue, 1_001 + REKICK_AFTER_NS)).toBe(false); // The wait begins here.
    expect(watch(queue, 1_000 + 2 * REKICK_AFTER_NS)).toBe(false);
    expect([ring.take().length, queue.rekickCount]).toEqual([1, 0]);
  });

  it('is quiet while chains come back, and while there are none', () => {
    const { queue, ring } = makeQueue({ packed });
    for (let i = 1; i < 10; i++) {
      sendAndKick(queue);
      expect(watch(queue, i * REKICK_AFTER_NS)).toBe(false);
      for (const { head } of ring.take()) ring.give(head, 0);
      pop(queue);
      expect(watch(queue, (i + 0.5) * REKICK_AFTER_NS)).toBe(false);
    }
    expect(watch(queue, 50 * REKICK_AFTER_NS)).toBe(false);
    sendAndKick(queue);
    expect(watch(queue, 100 * REKICK_AFTER_NS)).toBe(false); // It waits from now on only.
  });
});

describe.each(LAYOUTS)('W3: interrupts of a $name queue can be turned off and on', ({ packed }) => {
  it.each([false, true])('over more than 65536 chains, EVENT_IDX: %s', (eventIndex) => {
    const { machine, queue, ring } = makeQueue({ packed, size: 4, eventIndex });
    suppressInterrupts(queue);
    for (let round = 0; round < 70_000; round++) {
      const head = send(queue, 1);
      ring.take();
      ring.give(head, 0);
      pop(queue);
    }
    expect(ring.interrupts).toBe(0);
    const head = send(queue, 1);
    ring.take();
    expect(allowInterrupts(queue)).toBe(false);
    ring.give(head, 0);
    expect([ring.interrupts, pop(queue)]).toEqual([1, head]);
    expect(machine.violations).toEqual([]);
  });

  it('and stay off while the longest queue comes back at once, again and again', () => {
    const { queue, ring } = makeQueue({ packed, size: 32768, eventIndex: true });
    suppressInterrupts(queue);
    for (let round = 0; round < 9; round++) {
      for (let i = 0; i < (round % 2 === 0 ? 32768 : 16000); i++) put(queue, 1);
      kick(queue);
      for (const { head } of ring.take()) ring.give(head, 0);
      while (pop(queue) >= 0);
    }
    expect(ring.interrupts).toBe(0);
  });

  it('and the wish for none is not written again for each', () => {
    const { machine, queue, ring } = makeQueue({ packed, size: 4, eventIndex: true });
    suppressInterrupts(queue);
    const wishes: number[] = [];
    const at = packed ? queue.driver : queue.driver + 4 + 2 * 4;
    machine.processorMemory = {
      beforeRead: () => {},
      write: (offset, _width, store) => {
        if (offset === at) wishes.push(offset);
        store();
      },
      fence: () => {},
    };
    for (let i = 0; i < 1000; i++) {
      const head = send(queue, 1);
      ring.take();
      ring.give(head, 0);
      pop(queue);
    }
    expect(wishes).toEqual([]);
  });

  it.each([false, true])('and what completes meanwhile is noticed, EVENT_IDX: %s', (eventIndex) => {
    const { queue, ring } = makeQueue({ packed, eventIndex });
    suppressInterrupts(queue);
    const head = send(queue, 1);
    ring.take();
    ring.give(head, 0);
    expect([ring.interrupts, allowInterrupts(queue), pop(queue)]).toEqual([0, true, head]);
  });

  it('and are on in a new queue', () => {
    const { queue, ring } = makeQueue({ packed });
    const head = send(queue, 1);
    ring.take();
    ring.give(head, 0);
    expect([queue.interruptsAllowed, ring.interrupts]).toEqual([true, 1]);
  });
});
