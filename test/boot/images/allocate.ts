// Allocates for as long as the option `seconds` says: a kind of value after the other, again and again, with a line for each. Of each kind some are kept for a while, and looked at
// when they go. The heap must not grow from round to round.
//
//   allocate 12 s: closures: 81234 made, heap 14.3 MiB
//   allocate: ok, 1265770 made, heap at most 23.4 MiB

import { findOption } from '../../../kernel/base/command-line.ts';
import { sleep, uptime } from '../../../kernel/event/time.ts';
import { dmaLength } from '../../../kernel/hal/dma.ts';
import { memoryFree, memoryTotal } from '../../../kernel/hal/memory.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { EXIT_FAILED, exit } from '../../../kernel/hal/power.ts';

/** How many are kept of a kind. */
const KEPT_COUNT = 500;
/** How many are made between two looks at the clock. */
const BATCH_COUNT = 100;
const ROUNDS_MIN = 2;
const PHASE_SECONDS_MAX = 5;
const MIB = 1024 * 1024;
/** What the collector lets the heap fill before it collects (boot/program.zig): the first round may end before it did. */
const HEAP_SLACK = Math.min(memoryTotal() / 4, 32 * MIB);

/** A kind of value: makes the one of that number, and says whether one that was kept still is what it was. */
interface Kind {
  readonly name: string;
  make(number: number): unknown;
  isRight(value: unknown, number: number): boolean;
}

class Node {
  readonly number: number;
  next: Node | undefined;
  readonly names: string[] = [];

  constructor(number: number) {
    this.number = number;
    this.names.push(`node ${number}`);
  }

  get label(): string {
    return `${this.names.join()} of ${this.number}`;
  }
}

/** Two that hold each other. */
const makePair = (number: number): Node => {
  const first = new Node(number);
  first.next = new Node(number + 1);
  first.next.next = first;
  return first;
};

function* countUp(from: number): Generator<number> {
  for (let number = from; ; number++) yield number;
}

const failWith = (number: number): Error => {
  try {
    throw new RangeError(`number ${number}`);
  } catch (error) {
    return error as Error;
  }
};

const nextNumber = async (number: number): Promise<number> => {
  await Promise.resolve();
  return number + 1;
};

const KINDS: readonly Kind[] = [
  {
    name: 'objects',
    make: (number) => ({ number, inner: { half: number / 2, list: [number, number + 1] } }),
    isRight: (value, number) => {
      const { inner } = value as { inner: { half: number; list: number[] } };
      return inner.half === number / 2 && inner.list[1] === number + 1;
    },
  },
  {
    name: 'instances in a ring',
    make: makePair,
    isRight: (value, number) => (value as Node).next!.next!.label === `node ${number} of ${number}`,
  },
  {
    name: 'closures',
    make: (number) => {
      let calls = 0;
      return (): number => number + ++calls;
    },
    isRight: (value, number) => (value as () => number)() === number + 1,
  },
  {
    name: 'strings',
    make: (number) => `${number}:${'é'.repeat(number % 50)}${String(number * 1.5).padStart(40, '-')}`,
    isRight: (value, number) =>
      (value as string).startsWith(`${number}:`) && (value as string).endsWith(`${number * 1.5}`),
  },
  {
    name: 'strings piece by piece',
    make: (number) => {
      let text = '';
      for (let index = 0; index < 100; index++) text += String.fromCharCode(97 + ((number + index) % 26));
      return text;
    },
    isRight: (value, number) =>
      (value as string).length === 100 && (value as string).charCodeAt(99) === 97 + ((number + 99) % 26),
  },
  {
    name: 'arrays that grow',
    make: (number) => {
      const list: number[] = [];
      for (let index = 0; index < 40; index++) list.push(number + index);
      return list.map((each) => each * 2).filter((each) => each % 4 === 0);
    },
    isRight: (value, number) => (value as number[]).length === 20 && (value as number[])[19]! > 2 * number,
  },
  {
    name: 'typed arrays',
    make: (number) => new Uint8Array(1 + (number % 4000)).fill(number & 0xff),
    isRight: (value, number) => (value as Uint8Array).at(-1) === (number & 0xff),
  },
  {
    name: 'large typed arrays',
    make: (number) => (number % 50 === 0 ? new Float64Array(30_000).fill(number) : undefined),
    isRight: (value, number) => value === undefined || (value as Float64Array)[29_999] === number,
  },
  {
    name: 'maps and sets',
    make: (number) => {
      const map = new Map<string, Set<number>>();
      for (let index = 0; index < 10; index++) map.set(`key ${index}`, new Set([number, index]));
      map.delete('key 3');
      return map;
    },
    isRight: (value, number) => {
      const map = value as Map<string, Set<number>>;
      return map.size === 9 && map.get('key 9')!.has(number) && !map.has('key 3');
    },
  },
  {
    name: 'generators',
    make: (number) => {
      const numbers = countUp(number);
      numbers.next();
      return numbers;
    },
    isRight: (value, number) => (value as Generator<number>).next().value === number + 1,
  },
  {
    name: 'errors',
    make: failWith,
    isRight: (value, number) => (value as Error).message === `number ${number}`,
  },
];

const AWAITED = 'promises';

/** All memory that is taken, but for the devices' window. */
const heapBytes = (): number => memoryTotal() - memoryFree() - dmaLength();

const fail = (why: string): never => {
  console.log(`allocate: ${why}`);
  return exit(EXIT_FAILED);
};

const makeKind = (kind: Kind, end: number): number => {
  const kept: unknown[] = [];
  let made = 0;
  do {
    for (let index = 0; index < BATCH_COUNT; index++) {
      const place = made % KEPT_COUNT;
      if (made >= KEPT_COUNT && !kind.isRight(kept[place], made - KEPT_COUNT)) {
        fail(`number ${made - KEPT_COUNT} of ${kind.name} has changed`);
      }
      kept[place] = kind.make(made);
      made += 1;
    }
  } while (uptime() < end);
  return made;
};

/** The same with promises and functions that wait, many at a time. */
const makePromises = async (end: number): Promise<number> => {
  let made = 0;
  do {
    const batch: Promise<number>[] = [];
    for (let index = 0; index < BATCH_COUNT; index++) batch.push(nextNumber(made + index).then((value) => value + 1));
    const values = await Promise.all(batch);
    if (!values.every((value, index) => value === made + index + 2)) fail(`a promise at ${made} has another value`);
    made += BATCH_COUNT;
  } while (uptime() < end);
  return made;
};

const seconds = Number(findOption(readOptions(), 'seconds') ?? 600);
const phaseSeconds = Math.min(seconds / (ROUNDS_MIN * (KINDS.length + 1)), PHASE_SECONDS_MAX);
let total = 0;
let highest = 0;

const report = (name: string, made: number, highestMax: number): void => {
  const bytes = heapBytes();
  console.log(`allocate ${Math.round(uptime())} s: ${name}: ${made} made, heap ${(bytes / MIB).toFixed(1)} MiB`);
  total += made;
  highest = Math.max(highest, bytes);
  if (bytes > highestMax) fail(`the heap is larger than ${(highestMax / MIB).toFixed(1)} MiB`);
};

let highestMax = Infinity; // The first round shows what all kinds take.
for (let round = 0; uptime() < seconds || round < ROUNDS_MIN; round++) {
  for (const kind of KINDS) {
    const made = makeKind(kind, uptime() + phaseSeconds);
    report(kind.name, made, highestMax);
    await sleep(0);
  }
  report(AWAITED, await makePromises(uptime() + phaseSeconds), highestMax);
  if (round === 0) highestMax = highest + HEAP_SLACK;
}
console.log(`allocate: ok, ${total} made, heap at most ${(highest / MIB).toFixed(1)} MiB`);
