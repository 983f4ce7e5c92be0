// Lists, numbers and constructors that are not there, whose type says that they are.
import { test } from '../../test.ts';

const missing = (): unknown => undefined;
const list = missing() as number[];
const none: readonly number[] = [];

const attempt = (body: () => unknown): void => {
  try {
    console.log(body());
  } catch (error) {
    console.log(String(error));
  }
};

test('array spread: of a list that is undefined', () => attempt(() => [1, ...list]));
test('call with spread: of a list that is undefined', () => {
  const count = (...values: number[]): number => values.length;
  attempt(() => count(...list));
  attempt(() => count(1, ...list));
  attempt(() => Math.max(...list));
  attempt(() => none.concat(...list));
});
test('new with spread: of a list that is undefined', () => attempt(() => new Array<number>(...list)));
test('Array.prototype.splice: a count that is undefined', () => {
  const values = [1, 2, 3];
  console.log(values.splice(1, none[3]!), values, values.toSpliced(1, none[3]!));
});
test('Array.prototype.lastIndexOf: from an index that is undefined', () => {
  console.log([3, 1, 3].lastIndexOf(3, none[3]), new Int8Array([3, 1, 3]).lastIndexOf(3, none[3]));
});
test('Array.prototype.reduce: from a value that is undefined', () => {
  console.log([1, 2].reduce((sum, value) => sum + value, none[3]!));
  console.log([1, 2].reduceRight((sum, value) => sum + value, none[3]!));
});
test('Uint8Array.prototype[Symbol.iterator]: elements that were given a text', () => {
  const five: unknown = '5';
  const bytes = new Uint8Array(3);
  bytes[0] = five as number;
  bytes[1] = true as unknown as number;
  bytes.set([five as number], 2);
  const floats = new Float64Array(2).fill(five as number);
  floats[1] = missing() as number;
  console.log(bytes, floats);
});
test('new: of what is no constructor, behind its arguments', () => {
  let calls = 0;
  const next = (): number => {
    calls += 1;
    return calls;
  };
  const Missing = missing() as new (n: number) => object;
  const kinds = {} as { One: new (n: number) => object };
  for (const make of [() => new Missing(1), () => new Missing(next()), () => new kinds.One(next())]) {
    try {
      console.log(make());
    } catch (error) {
      console.log((error as Error).name, calls);
    }
  }
});
test('new: reads a getter once', () => {
  let reads = 0;
  const object = {
    get kind(): new () => object {
      reads += 1;
      return Empty;
    },
  };
  console.log(new object.kind() instanceof Empty, reads);
});
class Empty {}

test('call: of what is no function', () => {
  const callback = missing() as (n: number) => number;
  attempt(() => [1].map(callback));
  attempt(() => [1].forEach(5 as never));
});
test('Math.log: of what is no number', () => {
  const values: readonly unknown[] = [null, true, '2', undefined, ''];
  for (const value of values)
    console.log(Math.log(value as never), Math.exp(value as never), Math.round(value as never));
});
