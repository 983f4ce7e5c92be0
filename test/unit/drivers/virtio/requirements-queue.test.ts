// Requirements of VIRTIO 1.2 §2.7 and §2.8 that only the bytes of a queue, or the order of accesses to them, can show.
// The bytes are read here by offsets from the specification, not by the simulated device, which would look away from some of them.

import { describe, expect, it } from 'vitest';
import { attach } from '../../../../drivers/virtio/queue/doorbell.ts';
import {
  add,
  allowInterrupts,
  fill,
  kick,
  pop,
  prepare,
  QUEUE_ALIGNMENT,
  queueMemoryLength,
  reserve,
  suppressInterrupts,
} from '../../../../drivers/virtio/queue/queue.ts';
import {
  DEVICE_READS,
  DEVICE_WRITES,
  DOORBELL_MMIO16,
  QUEUE_FULL,
  QUEUE_PACKED,
  QUEUE_SPLIT,
  Queue,
} from '../../../../drivers/virtio/queue/record.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';

const MEMORY = 0x1000;
const DATA = 0x1f0000;

const FLAG_NEXT = 1;
const FLAG_WRITE = 2;
const FLAG_INDIRECT = 4;

interface Options {
  readonly layout: number;
  readonly size?: number;
  readonly tableLength?: number;
  readonly hasEventIndex?: boolean;
  readonly isInOrder?: boolean;
}

/** One access of the driver to the DMA window, or one fence. */
interface Traced {
  readonly what: 'read' | 'write' | 'fence';
  readonly offset: number;
}

/** Has everything that the driver does to memory from now on written down, in its order. Returns the list. */
const traceOf = (machine: SimMachine): Traced[] => {
  const trace: Traced[] = [];
  machine.processorMemory = {
    beforeRead: (offset) => trace.push({ what: 'read', offset }),
    write: (offset, _width, store) => {
      trace.push({ what: 'write', offset });
      store();
    },
    fence: () => trace.push({ what: 'fence', offset: 0 }),
  };
  return trace;
};

/** A queue in memory that was full of ones, and ways to look at its bytes. */
const made = (options: Options) => {
  const machine = installMachine(new SimMachine());
  const queue = new Queue();
  queue.layout = options.layout;
  queue.tableLength = options.tableLength ?? 0;
  queue.hasEventIndex = options.hasEventIndex ?? false;
  queue.isInOrder = options.isInOrder ?? false;
  queue.trustsSuppression = true;
  const size = options.size ?? 8;
  const length = queueMemoryLength(options.layout, size, QUEUE_ALIGNMENT, queue.tableLength);
  machine.dma.fill(0xff, MEMORY, MEMORY + length);
  prepare(queue, size, MEMORY, QUEUE_ALIGNMENT);
  attach(queue, DOORBELL_MMIO16, machine.map(0xfe000000, 4096), 0, false);
  const view = new DataView(machine.dma.buffer);
  const u16 = (offset: number): number => view.getUint16(offset, true);
  const u32 = (offset: number): number => view.getUint32(offset, true);
  return { machine, queue, view, u16, u32, returned: 0, returnedAt: 0 };
};

type Made = ReturnType<typeof made>;

/** Builds a chain of `count` buffers, the first for the device to read and the others for it to write. Returns its head. */
const build = ({ queue }: Made, count: number): number => {
  const head = reserve(queue, count);
  if (head < 0) return head;
  for (let i = 0; i < count; i++) fill(queue, DATA + i * 64, 16 + i, i === 0 ? DEVICE_READS : DEVICE_WRITES);
  return head;
};

/** Builds such a chain and adds it. */
const put = (all: Made, count: number): number => {
  const head = build(all, count);
  if (head >= 0) add(all.queue);
  return head;
};

/** The same, and gives it to the device. */
const send = (all: Made, count: number): number => {
  const head = put(all, count);
  kick(all.queue);
  return head;
};

/** Has the device return the chain `head`, which takes `count` descriptors of the ring, and takes it back. §2.7.8, §2.8.1 */
const complete = (all: Made, head: number, count: number): void => {
  const { queue, view } = all;
  if (queue.layout === QUEUE_SPLIT) {
    const element = queue.device + 4 + (all.returned % queue.size) * 8;
    view.setUint32(element, head, true);
    view.setUint32(element + 4, 0, true);
    view.setUint16(queue.device + 2, (all.returned + 1) & 0xffff, true);
  } else {
    const descriptor = queue.descriptors + (all.returnedAt % queue.size) * 16;
    view.setUint16(descriptor + 12, head, true);
    view.setUint16(descriptor + 14, Math.floor(all.returnedAt / queue.size) % 2 === 0 ? 0x8080 : 0, true);
  }
  all.returned++;
  all.returnedAt += count;
  if (pop(queue) !== head) throw new Error(`the chain ${head} does not come back`); // Too often for an expectation.
};

interface Descriptor {
  readonly length: number;
  readonly flags: number;
  /** `next` of a split, `id` of a packed queue. */
  readonly other: number;
  readonly address: number;
}

/** Returns the descriptor at `offset`, without the two bits that say whose turn it is in a packed queue. §2.7.5, §2.8.13 */
const descriptorAt = ({ queue, machine, u16, u32 }: Made, offset: number): Descriptor => {
  const isSplit = queue.layout === QUEUE_SPLIT;
  return {
    address: u32(offset) - machine.dmaBase,
    length: u32(offset + 8),
    flags: u16(offset + (isSplit ? 12 : 14)) & ~0x8080,
    other: u16(offset + (isSplit ? 14 : 12)),
  };
};

/** Returns the descriptors of the table that the descriptor at `offset` points at. */
const tableOf = (all: Made, offset: number): Descriptor[] => {
  const { address, length } = descriptorAt(all, offset);
  return Array.from({ length: length / 16 }, (_, index) => descriptorAt(all, address + index * 16));
};

const LAYOUTS = [
  { name: 'split', layout: QUEUE_SPLIT },
  { name: 'packed', layout: QUEUE_PACKED },
];

/** The index of the last entry that `is` true of, -1 for none. */
const lastIndex = (trace: readonly Traced[], is: (entry: Traced) => boolean): number => trace.map(is).lastIndexOf(true);

const fencesBetween = (trace: readonly Traced[], from: number, to: number): number =>
  trace.slice(from + 1, to).filter(({ what }) => what === 'fence').length;

describe.each(LAYOUTS)('the memory of a $name queue', ({ layout }) => {
  const sizes = layout === QUEUE_SPLIT ? [1, 2, 4, 64, 1024, 32768] : [1, 2, 3, 5, 100, 1023, 32768];
  const [driverAlignment, length] = layout === QUEUE_SPLIT ? [2, 6] : [4, 4];

  it('has its three areas at multiples of what the specification asks for, one behind the other', () => {
    for (const size of sizes) {
      const { queue } = made({ layout, size });
      expect([queue.descriptors % 16, queue.driver % driverAlignment, queue.device % 4], `size ${size}`).toEqual([
        0, 0, 0,
      ]);
      const driverLength = length + (layout === QUEUE_SPLIT ? 2 * size : 0);
      expect(queue.driver).toBeGreaterThanOrEqual(queue.descriptors + 16 * size);
      expect(queue.device).toBeGreaterThanOrEqual(queue.driver + driverLength);
    }
  });

  it('is zero when it is handed over, whatever was there before', () => {
    const { queue, machine } = made({ layout, size: 64, tableLength: 4 });
    const end = queue.device + (layout === QUEUE_SPLIT ? 6 + 8 * 64 : 4);
    expect(machine.dma.subarray(MEMORY, end).every((byte) => byte === 0)).toBe(true);
  });
});

describe.each([
  ...LAYOUTS.map((each) => ({ ...each, where: 'in the ring', tableLength: 0 })),
  ...LAYOUTS.map((each) => ({ ...each, where: 'in a table', tableLength: 4 })),
])('a chain $where of a $name queue', ({ layout, tableLength }) => {
  /** Uses the ring up to where the next chain goes into a table, if there are any. */
  const started = () => {
    const all = made({ layout, tableLength });
    for (let i = 0; i < 6; i++) send(all, 1);
    return { ...all, trace: traceOf(all.machine) };
  };

  /** Where the device sees that there is one more: the available index, or the flags of the first descriptor. */
  const place = ({ queue }: Made): number =>
    layout === QUEUE_SPLIT ? queue.driver + 2 : queue.descriptors + 6 * 16 + 14;

  const exposure = (all: ReturnType<typeof started>): number =>
    lastIndex(all.trace, ({ what, offset }) => what === 'write' && offset === place(all));

  it('is all written, and a fence behind it, before the write that shows it to the device', () => {
    const all = started();
    const before = all.u16(place(all));
    put(all, 2);
    expect(all.u16(place(all))).toBe(before);
    kick(all.queue);
    const { trace } = all;
    const shown = exposure(all);
    expect(shown).toBe(lastIndex(trace, ({ what }) => what === 'write'));
    const lastWrite = lastIndex(trace.slice(0, shown), ({ what }) => what === 'write');
    expect(lastWrite).toBeGreaterThan(0);
    expect(fencesBetween(trace, lastWrite, shown)).toBeGreaterThan(0);
  });

  it('is shown with the others of its batch by one write behind one fence, the last of all', () => {
    const all = started();
    put(all, 1);
    put(all, tableLength === 0 ? 1 : 2);
    const isWrite = ({ what }: Traced): boolean => what === 'write';
    const added = all.trace.filter(isWrite).length;
    expect([exposure(all), fencesBetween(all.trace, -1, all.trace.length)]).toEqual([-1, 0]);
    kick(all.queue);
    expect(all.trace.filter(isWrite).length).toBe(added + 1);
    expect(exposure(all)).toBe(lastIndex(all.trace, isWrite));
    expect(all.trace.slice(0, exposure(all)).filter(({ what }) => what === 'fence')).toHaveLength(1);
  });

  it('is shown, and a fence behind it, before the device is asked whether it wants to know', () => {
    const all = started();
    put(all, 2);
    expect(kick(all.queue)).toBe(true);
    const { trace } = all;
    const shown = exposure(all);
    const asked = trace.findIndex(({ what, offset }) => what === 'read' && offset >= all.queue.device);
    expect(asked).toBeGreaterThan(shown);
    expect(fencesBetween(trace, shown, asked)).toBeGreaterThan(0);
  });
});

describe.each(LAYOUTS)('interrupts of a $name queue', ({ layout }) => {
  it.each([false, true])(
    'are asked for, and a fence behind the wish, before the last look at the ring (event index %s)',
    (hasEventIndex) => {
      const { queue, machine } = made({ layout, hasEventIndex });
      suppressInterrupts(queue);
      const trace = traceOf(machine);
      allowInterrupts(queue);
      const wish = lastIndex(trace, ({ what, offset }) => what === 'write' && offset >= queue.driver);
      const look = lastIndex(trace, ({ what }) => what === 'read');
      expect(wish).toBeGreaterThanOrEqual(0);
      expect(look).toBeGreaterThan(wish);
      expect(fencesBetween(trace, wish, look)).toBeGreaterThan(0);
    },
  );
});

describe.each(LAYOUTS)('the descriptors of a $name queue', ({ layout }) => {
  it('point at no table where tables were not agreed on', () => {
    const all = made({ layout, size: 16 });
    for (const count of [3, 1, 5, 2, 4]) send(all, count);
    expect(send(all, 2)).toBe(QUEUE_FULL);
    for (let i = 0; i < 15; i++) {
      expect(descriptorAt(all, all.queue.descriptors + i * 16).flags & FLAG_INDIRECT, `descriptor ${i}`).toBe(0);
    }
  });

  it('that point at a table have no successor, and the table no other table', () => {
    const all = made({ layout, size: 8, tableLength: 4 });
    for (let i = 0; i < 7; i++) send(all, 1);
    expect(send(all, 4)).toBe(7);
    const last = all.queue.descriptors + 7 * 16;
    expect(descriptorAt(all, last)).toMatchObject({ flags: FLAG_INDIRECT, length: 64 });
    const inTable = tableOf(all, last).map(({ flags }) => flags);
    if (layout === QUEUE_PACKED) expect(inTable).toEqual([0, FLAG_WRITE, FLAG_WRITE, FLAG_WRITE]);
    else expect(inTable).toEqual([FLAG_NEXT, FLAG_NEXT | FLAG_WRITE, FLAG_NEXT | FLAG_WRITE, FLAG_WRITE]);
    if (layout === QUEUE_SPLIT)
      expect(
        tableOf(all, last)
          .map(({ other }) => other)
          .slice(0, 3),
      ).toEqual([1, 2, 3]);
  });

  it('that the device reads come before those that it writes: the other order is our own mistake', () => {
    for (const tableLength of [0, 4]) {
      const { queue } = made({ layout, size: 4, tableLength });
      reserve(queue, 2);
      fill(queue, DATA, 16, DEVICE_WRITES);
      expect(() => fill(queue, DATA, 16, DEVICE_READS)).toThrow('what the device reads comes first');
    }
  });

  it('are never more in a chain than the queue has', () => {
    const all = made({ layout, size: 4, tableLength: 8 });
    expect(() => reserve(all.queue, 5)).toThrow('as many as its queue');
    expect(send(all, 4)).toBe(0);
  });

  it('describe less than 4 GiB in a chain: more is our own mistake, also where it is the same bytes again and again', () => {
    const describing = (count: number): Made => {
      const all = made({ layout, size: 4096 });
      reserve(all.queue, count);
      for (let i = 0; i < count; i++) fill(all.queue, 0, 0x200000, DEVICE_WRITES);
      return all;
    };
    expect(() => add(describing(2048).queue)).toThrow('less than 4 GiB');
    const { queue } = describing(2047);
    add(queue);
    expect(queue.slots[0]!.writable).toBe(2047 * 0x200000);
  });

  it('are all taken at once or not at all: a chain for which there is no room leaves memory as it was', () => {
    const all = made({ layout, size: 4 });
    send(all, 3);
    const before = all.machine.dma.slice();
    expect(send(all, 2)).toBe(QUEUE_FULL);
    expect(Buffer.compare(all.machine.dma, before)).toBe(0);
  });

  it('are left alone from the moment they are shown until the device returns them', () => {
    for (const tableLength of [0, 4]) {
      const all = made({ layout, size: 8, tableLength });
      const bytesOf = (at: number): string => all.machine.dma.slice(at, at + 16).join();
      const withDevice: { head: number; count: number; bytes: Map<number, string> }[] = [];
      for (let round = 0; round < 200; round++) {
        const count = 1 + ((round * 7) % 4);
        const trace = traceOf(all.machine);
        const head = send(all, count);
        const written = new Set(trace.filter(({ what }) => what === 'write').map(({ offset }) => offset & ~15));
        for (const chain of withDevice) {
          for (const [place, bytes] of chain.bytes) expect(bytesOf(place), `round ${round}, at ${place}`).toBe(bytes);
        }
        if (head >= 0) {
          const places = [...written].filter((place) => place < all.queue.driver || place >= all.queue.tables);
          const ringCount = all.queue.isInTable ? 1 : count;
          withDevice.push({ head, count: ringCount, bytes: new Map(places.map((place) => [place, bytesOf(place)])) });
        }
        if (head >= 0 && round % 3 !== 0) continue;
        const first = withDevice.shift()!;
        complete(all, first.head, first.count);
      }
    }
  });
});

describe('the descriptors of a split queue with IN_ORDER', () => {
  it('follow each other in the table, the first behind the last, and so do those of an indirect table', () => {
    for (const tableLength of [0, 4]) {
      const all = made({ layout: QUEUE_SPLIT, size: 8, isInOrder: true, tableLength });
      let at = 0;
      for (let round = 0; round < 50; round++) {
        expect(send(all, 3)).toBe(at % 8);
        for (let i = 0; i < 2; i++) {
          const { flags, other } = descriptorAt(all, all.queue.descriptors + ((at + i) % 8) * 16);
          expect([flags & FLAG_NEXT, other], `descriptor ${at + i}`).toEqual([FLAG_NEXT, (at + i + 1) % 8]);
        }
        complete(all, at % 8, 3);
        at += 3;
      }
    }
  });
});

describe('the available ring', () => {
  it('has an index that grows by one a chain and never goes back', () => {
    const all = made({ layout: QUEUE_SPLIT, size: 4 });
    const index = all.queue.driver + 2;
    for (let round = 0; round < 70_000; round++) {
      const before = all.u16(index);
      const head = send(all, 1);
      if (all.u16(index) !== ((before + 1) & 0xffff))
        throw new Error(`round ${round}: ${before} became ${all.u16(index)}`);
      complete(all, head, 1);
      if (all.u16(index) !== ((before + 1) & 0xffff)) throw new Error(`round ${round}: the index went back`);
    }
  });

  it.each([
    [false, [0, 1, 0]],
    [true, [0, 0, 0]],
  ])('has flags of 0 and 1 only, and only 0 with the event index (%s)', (hasEventIndex, expected) => {
    const all = made({ layout: QUEUE_SPLIT, hasEventIndex });
    const flags = [all.u16(all.queue.driver)];
    suppressInterrupts(all.queue);
    for (let i = 0; i < 20; i++) complete(all, send(all, 1), 1);
    flags.push(all.u16(all.queue.driver));
    allowInterrupts(all.queue);
    flags.push(all.u16(all.queue.driver));
    expect(flags).toEqual(expected);
  });
});

describe('a kick of a split queue', () => {
  const rings = (all: Made): boolean => {
    const before = all.machine.accesses.length;
    expect(kick(all.queue)).toBe(all.machine.accesses.length > before);
    return all.machine.accesses.length > before;
  };
  const usedFlags = ({ queue }: Made): number => queue.device;
  const availableEvent = ({ queue }: Made): number => queue.device + 4 + 8 * queue.size;

  it('without the event index goes by the flag alone, whatever the available event says', () => {
    const all = made({ layout: QUEUE_SPLIT, size: 64 });
    for (const event of [0, 1, 2, 3, 0xffff]) {
      all.view.setUint16(availableEvent(all), event, true);
      for (const flag of [0, 1]) {
        all.view.setUint16(usedFlags(all), flag, true);
        put(all, 1);
        expect(rings(all), `flag ${flag}, event ${event}`).toBe(flag === 0);
      }
    }
  });

  it('with the event index goes by the available event alone, whatever the flag says', () => {
    for (const flag of [0, 1]) {
      const all = made({ layout: QUEUE_SPLIT, size: 64, hasEventIndex: true });
      all.view.setUint16(usedFlags(all), flag, true);
      let old = 0;
      for (const count of [1, 3, 2, 5, 1, 4]) {
        for (let i = 0; i < count; i++) put(all, 1);
        const event = old + (count % 3); // Within the batch, at its start, or behind its end.
        all.view.setUint16(availableEvent(all), event, true);
        expect(rings(all), `flag ${flag}, event ${event}, index from ${old} by ${count}`).toBe(event < old + count);
        old += count;
      }
    }
  });
});
