// The iteration protocols. ECMA-262 §7.4, §27.1.
//
// Porffor iterates arrays, typed arrays, Map and Set itself, and lets a program resume its generators with next(); what it has no idea of is
// objects with [Symbol.iterator], and iterators of the built-in collections as values. Loops over those are lowered to calls of these.

type AnyIterator = Iterator<unknown, unknown, unknown>;

/** Walks a list by index, so that elements added on the way are seen. */
class ListIterator implements IterableIterator<unknown> {
  private readonly list: ArrayLike<unknown>;
  private readonly pick: (index: number, list: ArrayLike<unknown>) => unknown;
  private index = 0;
  private isDone = false;

  constructor(list: ArrayLike<unknown>, pick: (index: number, list: ArrayLike<unknown>) => unknown) {
    this.list = list;
    this.pick = pick;
  }

  next(): IteratorResult<unknown> {
    if (this.isDone || this.index >= this.list.length) {
      this.isDone = true;
      return { value: undefined, done: true };
    }
    return { value: this.pick(this.index++, this.list), done: false };
  }

  [Symbol.iterator](): this {
    return this;
  }
}

/** Returns an iterator over the elements of a list. */
export const listValues = (list: ArrayLike<unknown>): AnyIterator => new ListIterator(list, (index) => list[index]);
/** Returns an iterator over the indices of a list. */
export const listKeys = (list: ArrayLike<unknown>): AnyIterator => new ListIterator(list, (index) => index);
/** Returns an iterator over `[index, element]` of a list. */
export const listEntries = (list: ArrayLike<unknown>): AnyIterator =>
  new ListIterator(list, (index) => [index, list[index]]);

/** Walks a Map or Set, alive: entries added on the way are seen, removed ones are not. */
class CollectionIterator implements IterableIterator<unknown> {
  private readonly steps: Iterator<unknown>;

  constructor(steps: Iterator<unknown>) {
    this.steps = steps;
  }

  next(): IteratorResult<unknown> {
    return this.steps.next();
  }

  [Symbol.iterator](): this {
    return this;
  }
}

function* stepMap(map: ReadonlyMap<unknown, unknown>): Generator<unknown> {
  for (const entry of map) yield entry;
}

function* stepMapPart(map: ReadonlyMap<unknown, unknown>, part: 0 | 1): Generator<unknown> {
  for (const entry of map) yield entry[part];
}

function* stepSet(set: ReadonlySet<unknown>): Generator<unknown> {
  for (const value of set) yield value;
}

function* stepSetEntries(set: ReadonlySet<unknown>): Generator<unknown> {
  for (const value of set) yield [value, value];
}

/** Returns an iterator over `[key, value]` of a Map. */
export const mapEntries = (map: ReadonlyMap<unknown, unknown>): AnyIterator => new CollectionIterator(stepMap(map));
/** Returns an iterator over the keys of a Map. */
export const mapKeys = (map: ReadonlyMap<unknown, unknown>): AnyIterator => new CollectionIterator(stepMapPart(map, 0));
/** Returns an iterator over the values of a Map. */
export const mapValues = (map: ReadonlyMap<unknown, unknown>): AnyIterator =>
  new CollectionIterator(stepMapPart(map, 1));
/** Returns an iterator over the values of a Set. */
export const setValues = (set: ReadonlySet<unknown>): AnyIterator => new CollectionIterator(stepSet(set));
/** Returns an iterator over `[value, value]` of a Set. */
export const setEntries = (set: ReadonlySet<unknown>): AnyIterator => new CollectionIterator(stepSetEntries(set));

/** Returns the characters of a string, a surrogate pair as one. */
export const codePoints = (text: string): string[] => {
  const points: string[] = [];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
    const isPair = unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000;
    points.push(isPair ? text.slice(at, at + 2) : text.charAt(at));
    if (isPair) at++;
  }
  return points;
};

/** Returns an iterator over the characters of a string. */
export const stringValues = (text: string): AnyIterator => listValues(codePoints(text));

/** Returns the iterator of anything iterable. Throws a TypeError for anything else. */
export const iterate = (iterable: unknown): AnyIterator => {
  if (typeof iterable === 'string') return stringValues(iterable);
  if (typeof iterable !== 'object' || iterable === null) throw new TypeError('value is not iterable');
  if (Array.isArray(iterable) || ArrayBuffer.isView(iterable)) return listValues(iterable as unknown as unknown[]);
  if (iterable instanceof Map) return mapEntries(iterable);
  if (iterable instanceof Set) return setValues(iterable);
  const create = (iterable as { [Symbol.iterator]?: unknown })[Symbol.iterator];
  if (create === undefined && isNativeGenerator(iterable)) return iterable as AnyIterator;
  if (typeof create !== 'function') throw new TypeError('value is not iterable');
  return (create as () => AnyIterator).call(iterable);
};

/** A generator of Porffor's is an object without any property, not even one inherited. */
const isNativeGenerator = (value: object): boolean => !(value instanceof Object);

/** Tells an iterator that no more is wanted of it. */
export const closeIterator = (iterator: AnyIterator): void => {
  if (isNativeGenerator(iterator)) {
    iterator.return!();
    return;
  }
  const close = iterator.return;
  if (close === undefined || close === null) return;
  const result: unknown = iterator.return!();
  if (typeof result !== 'object' || result === null) throw new TypeError('iterator result is not an object');
};

/** The same on the way out with an exception, which stays the one that is thrown. */
export const closeQuietly = (iterator: AnyIterator): void => {
  try {
    closeIterator(iterator);
  } catch {
    // The exception under way wins (ECMA-262 §7.4.11, step 5).
  }
};

/** Returns a list that is there. Throws a TypeError with `words` for one that is not, against what its type says. */
export const presentList = <T>(list: readonly T[] | undefined | null, words: string): readonly T[] => {
  if (list === undefined || list === null) throw new TypeError(words);
  return list;
};

/** Returns everything an iterable has, as a list. */
export const toArray = (iterable: unknown): unknown[] => {
  if (Array.isArray(iterable)) return iterable;
  if (typeof iterable === 'string') return codePoints(iterable);
  const iterator = iterate(iterable);
  const values: unknown[] = [];
  for (;;) {
    const step = iterator.next();
    if (step.done) return values;
    values.push(step.value);
  }
};

/** Returns the first `count` values of an iterable, fewer when it has fewer, and closes it: what array destructuring takes. */
export const takeFirst = (iterable: unknown, count: number): unknown[] => {
  const iterator = iterate(iterable);
  const values: unknown[] = [];
  while (values.length < count) {
    const step = iterator.next();
    if (step.done) return values;
    values.push(step.value);
  }
  closeIterator(iterator);
  return values;
};

/** Hands an exception to the inner generator of a `yield*`. Returns what it answers. */
export const throwInto = (iterator: AnyIterator, error: unknown): IteratorResult<unknown, unknown> => {
  if (isNativeGenerator(iterator) || iterator.throw !== undefined) return iterator.throw!(error);
  closeIterator(iterator);
  throw new TypeError('the iterator has no throw method');
};

/** Returns the async iterator of anything that `for await` takes. Throws a TypeError for anything else. */
export const iterateAsync = (iterable: unknown): AnyAsyncIterator => {
  const create = (iterable as { [Symbol.asyncIterator]?: unknown })[Symbol.asyncIterator];
  if (typeof create === 'function') return (iterable as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  return new AsyncFromSyncIterator(iterate(iterable));
};

type AnyAsyncIterator = AsyncIterator<unknown, unknown, unknown>;

/** Gives an iterator of values, or of promises of values, the async protocol. ECMA-262 §27.1.6. */
class AsyncFromSyncIterator implements AsyncIterator<unknown> {
  private readonly iterator: AnyIterator;

  constructor(iterator: AnyIterator) {
    this.iterator = iterator;
  }

  async next(): Promise<IteratorResult<unknown>> {
    const step = this.iterator.next();
    if (step.done) return { value: await step.value, done: true };
    try {
      return { value: await step.value, done: false };
    } catch (error) {
      closeQuietly(this.iterator);
      throw error;
    }
  }

  async return(): Promise<IteratorResult<unknown>> {
    closeIterator(this.iterator);
    return { value: undefined, done: true };
  }
}

/** Tells an async iterator that no more is wanted of it. Returns when it has closed. */
export const closeIteratorAsync = (iterator: AnyAsyncIterator): unknown => {
  const close = iterator.return;
  return close === undefined || close === null ? undefined : iterator.return!();
};

/** The same on the way out with an exception, which stays the one that is thrown. */
export const closeQuietlyAsync = async (iterator: AnyAsyncIterator): Promise<void> => {
  try {
    await closeIteratorAsync(iterator);
  } catch {
    // The exception under way wins (ECMA-262 §7.4.13, step 5).
  }
};
