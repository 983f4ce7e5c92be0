// Elements by a computed name, and one less.
import { test } from '../../test.ts';

test('element access: by number, text and symbol', () => {
  const key = Symbol('key');
  const list = [5, 6];
  const object: Record<string | symbol, unknown> = { a: 1, [key]: 2 };
  console.log(list[1], list[2], 'abc'[1], object['a'], object[key], object['b']);
});

test('element access: the object, then the name, then the value', () => {
  const seen: string[] = [];
  const say = <T>(name: string, value: T): T => {
    seen.push(name);
    return value;
  };
  const list = [0];
  say('object', list)[say('name', 0)] = say('value', 7);
  console.log(seen, list);
});

test('decrement: before and behind, of variables, members and elements', () => {
  let count = 1;
  const object = { count: 1 };
  const list = [1];
  console.log(count--, --count, object.count--, --object.count, list[0]!--, --list[0]!, count, object, list);
});

test('decrement: of zero, of a fraction, beyond the integers', () => {
  let zero = 0;
  let half = 0.5;
  let large = -(2 ** 53);
  console.log(--zero, --half, --large);
});
