// Control plane on the border: every shape in which a machine function, constant or record is used. What it prints is the same on Node.

import { renew } from '../../kernel/base/machine.ts';
import { consoleWrite } from '../../kernel/hal/console.ts';
import {
  add3,
  fillBytes,
  fillLarge,
  grow,
  HALF,
  half,
  isBig,
  isFirst,
  isSameSlot,
  Kind,
  Large,
  LIMIT,
  LOW,
  low16,
  Nothings,
  negate,
  not,
  Queue,
  queueAt,
  READY,
  type Slot,
  setSize,
  setSlot,
  shelf,
  slotSize,
  sum,
  sumLarge,
  ten,
} from './border-records.ts';

const show = (label: string, ...values: readonly (number | boolean | string | undefined)[]): void => {
  const words: string[] = [];
  for (const value of values) words.push(`${value}`);
  consoleWrite(`${label}: ${words.join(' ')}\n`);
};

const kindName = (kind: Kind): string => (kind === Kind.Disk ? 'disk' : 'net');

class Driver {
  private readonly queue = new Queue();
  private grown = 0;

  /** Catches what it throws itself, so that the calls stand in a function with handlers. */
  go(by: number): number {
    try {
      this.grown = this.grown + grow(this.queue, by);
      if (this.grown > 30) throw new Error('enough');
      return this.queue.size;
    } catch {
      return -add3(this.grown, 0, 1);
    }
  }
}

/** Parts of records as handles: one part has one handle, wherever it comes from. */
const parts = (): void => {
  const queue = new Queue();
  const slots: readonly Slot[] = [queue.slots[0]!, queue.slots[1]!, queue.at(1), queue.first];
  setSize(queue.slots[1]!, 11);
  setSize(queue.first, 12);
  const sizes: number[] = [];
  for (const slot of slots) sizes.push(slot.size + slotSize(slot) * 1000);
  show('parts', sizes.join(), slots[1] === slots[2], slots[0] === slots[1], slots.indexOf(queue.at(1)));
  const first = queue.first;
  let other: Slot | undefined;
  const before = other === first;
  other = queue.first;
  show('the same part', first === queue.first, before, other === first, isSameSlot(first, other), other?.ok);
  show('another queue', new Queue().first === first, new Queue() === queue);

  const one = shelf();
  const byIndex = one.queues[2]!;
  show('of the module', one === shelf(), byIndex === queueAt(one, 2), byIndex === queueAt(shelf(), 1), one.count);
  show('nested', byIndex.slots[3] === one.queues[2]!.slots[3], byIndex.bump(3), queueAt(one, 2).size, one.spare.size);
  show(
    'first',
    isFirst(one, one.queues[0]!),
    isFirst(one, one.spare),
    one.queues[0]!.at(3) === one.queues[0]!.slots[3],
  );
  show('lengths', shelf().queues.length, one.queues[1]!.slots.length, one.count);
  const seen = new Map<Slot, string>();
  for (let i = 0; i < 100; i++) seen.set(one.queues[i % 3]!.slots[i % 4]!, `${i}`);
  show('as keys', seen.size, seen.get(one.queues[1]!.at(1)), seen.get(one.spare.first));
  const many: Queue[] = [];
  for (let i = 0; i < 300; i++) many.push(new Queue());
  show('many', new Set(many).size, new Set(many.map((each) => each.first)).size, many[299]!.first === many[298]!.first);
  const nothings = new Nothings();
  show(
    'empty',
    nothings.first === nothings.second,
    nothings.many[0] === nothings.many[1],
    nothings.many[1] === nothings.second,
  );
};

/** Records that are made new again. */
const renewed = (): void => {
  const queue = new Queue();
  const first = queue.first;
  grow(queue, 5);
  setSlot(queue, 2, 9);
  renew(queue);
  show(
    'renewed',
    queue.size,
    queue.slots[2]!.size,
    queue.slots[2]!.ok,
    queue.ring[3],
    queue.ratio,
    queue.first === first,
  );
  const one = shelf();
  grow(one.queues[1]!, 100);
  renew(one.queues[1]!);
  show('a part', one.queues[1]!.size, one.queues[2]!.size);
  const large = new Large();
  const fresh = sumLarge(large);
  for (let round = 0; round < 3; round++) {
    fillLarge(large);
    const filled = sumLarge(large);
    renew(large);
    show('a large one', filled, sumLarge(large) === fresh, large.last);
  }
  const renewAll = <R>(list: readonly R[], again: (record: R) => void): void => list.forEach(again);
  grow(queue, 1);
  renewAll([queue], (each) => renew(each));
  show('by a function', queue.size);
};

export const main = (): void => {
  const functions = { add3 };
  show('calls', add3(1, 2, 3), functions.add3(4, 5, 6), [1, 2].map((x) => add3(x, x, x)).join(), ten() + ten());
  show('constants', LIMIT, LOW, HALF, READY, Kind.Net, kindName(Kind.Disk), { LIMIT }.LIMIT, -LOW);
  show(
    'numbers',
    half(5),
    half(-0.25),
    isBig(4294967297),
    isBig(5),
    not(true),
    not(false),
    isBig(4) === false,
    low16(-2),
    add3(-0, 2147483647, -2147483648),
    isBig(9007199254740991),
    isBig(-0),
    negate(-0),
    negate(-127),
  );

  const queue = new Queue();
  show(
    'record',
    queue.size,
    queue.first.size,
    queue.first.ok,
    queue.ring[2],
    queue.ring.length,
    queue.slots[1]!.ok,
    queue.ratio,
    queue.big,
    queue.low,
  );
  show('changes', grow(queue, 5), queue.bump(2), queue.size);

  const bytes = new Uint8Array(10);
  bytes[3] = 200;
  bytes[9] = 100;
  show('bytes', sum(bytes), sum(bytes.subarray(4)), sum(new Uint8Array(0)));
  fillBytes(bytes.subarray(2, 4), 9);
  show('filled', bytes[1], bytes[2], bytes[3], bytes[4]);

  const holder: { readonly queue: Queue; readonly other?: Queue | undefined } = { queue };
  const { other } = holder;
  show('identity', holder.queue.size, other?.size, holder.queue === queue, other === undefined, queue !== new Queue());
  const list: Queue[] = [queue, new Queue()];
  show(
    'in collections',
    list.length,
    list[1]!.size,
    list.indexOf(queue),
    new Map<Queue, number>([[queue, 4]]).get(queue),
  );

  const driver = new Driver();
  for (let i = 0; i < 4; i++) show('method', driver.go(i));
  for (let i = 0; i < queue.slots.length; i++) setSlot(queue, i, i * 10);
  let total = 0;
  for (let i = 0; i < queue.slots.length; i++) total += queue.slots[i]!.size + queue.ring[i]!;
  const later = (by: number) => (): number => grow(queue, by);
  show('closures', total, later(1)(), [half, negate].map((call) => call(8)).join());
  parts();
  renewed();
  show('text', 'café', 'β', '\u{1F600}', 'lone \ud800 x');
};
