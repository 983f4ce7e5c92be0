// JSON.
import { test } from '../../test.ts';

test('JSON.stringify: primitives', () => {
  console.log(
    JSON.stringify(1),
    JSON.stringify('a"b'),
    JSON.stringify(true),
    JSON.stringify(null),
    JSON.stringify(undefined),
    JSON.stringify(NaN),
    JSON.stringify(-0),
    JSON.stringify(Infinity),
    JSON.stringify(1e21),
  );
});

test('JSON.stringify: what is not shown in objects is null in arrays', () => {
  console.log(
    JSON.stringify({ a: undefined, b: () => 1, c: Symbol('c'), d: 1 }),
    JSON.stringify([undefined, () => 1, Symbol('c'), 1]),
  );
});

test('JSON.stringify: functions and symbols alone are undefined', () => {
  console.log(
    JSON.stringify(() => 1),
    JSON.stringify(Symbol('s')),
  );
});

test('JSON.stringify: escapes', () => {
  console.log(
    JSON.stringify('\b\f\n\r\t\v\0\x7f"\\/\u2028é€😀'),
    JSON.stringify('\ud83d'),
    JSON.stringify('\ude00x'),
    JSON.stringify('\u001f'),
  );
});

test('JSON.stringify: nested values in order', () => {
  console.log(JSON.stringify({ b: [1, { c: 'x' }], 2: 0, a: {}, e: [] }));
});

test('JSON.stringify: indents with numbers and texts', () => {
  const value = { a: [1, 2], b: {}, c: [], d: { e: null } };
  console.log(
    JSON.stringify(value, null, 2),
    JSON.stringify(value, null, '--'),
    JSON.stringify([1], null, 99).length,
    JSON.stringify([1], null, 'abcdefghijklmn'),
    JSON.stringify([1], null, 1.9),
    JSON.stringify([1], null, 0),
    JSON.stringify([1], null, ''),
    JSON.stringify([1], null, -1),
  );
});

test('JSON.stringify: a list of names chooses members', () => {
  console.log(
    JSON.stringify({ a: 1, b: { a: 2, c: 3 }, c: 4 }, ['c', 'a']),
    JSON.stringify([{ a: 1, b: 2 }], ['b']),
    JSON.stringify({ 1: 'x', 2: 'y' }, [2]),
  );
});

test('JSON.stringify: a function changes values', () => {
  console.log(
    JSON.stringify({ a: 1, b: 'x', c: [1, 2] }, (_, value: unknown) =>
      typeof value === 'number' ? value * 10 : value,
    ),
    JSON.stringify({ a: 1, b: 2 }, (key, value: unknown) => (key === 'a' ? undefined : value)),
  );
});

test('JSON.stringify: the function is first given the whole under an empty name', () => {
  JSON.stringify({ a: [5] }, (key, value: unknown) => {
    console.log(`<${key}>`, value);
    return value;
  });
});

test('JSON.stringify: toJSON speaks for an object', () => {
  const money = { cents: 5, toJSON: (key: string) => `5 of ${key}` };
  console.log(JSON.stringify({ money, list: [money] }), JSON.stringify(money), JSON.stringify({ at: new Date(0) }));
});

test('JSON.stringify: toJSON comes before the function', () => {
  console.log(JSON.stringify({ a: { toJSON: () => 1 } }, (_, value: unknown) => (value === 1 ? 'one' : value)));
});

test('JSON.stringify: only own enumerable names', () => {
  const object = Object.create({ inherited: 1 }) as Record<string, number>;
  object['own'] = 2;
  Object.defineProperty(object, 'hidden', { value: 3 });
  console.log(JSON.stringify(object));
});

test('JSON.stringify: collections are empty objects', () => {
  console.log(JSON.stringify(new Map([[1, 2]])), JSON.stringify(new Set([1])), JSON.stringify({ e: /x/ }));
});

test('JSON.stringify: getters are read', () => {
  console.log(
    JSON.stringify({
      get a(): number {
        return 7;
      },
    }),
  );
});

test('JSON.stringify: typed arrays are objects of their indices', () => {
  console.log(JSON.stringify(new Uint8Array([1, 2])), JSON.stringify({ f: new Float32Array([0.5]) }));
});

test('JSON.stringify: a circle throws TypeError', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  try {
    JSON.stringify(circle);
  } catch (error) {
    console.log(error instanceof TypeError, String(error).split('\n')[0]);
  }
});

test('JSON.stringify: the same object twice is no circle', () => {
  const part = { n: 1 };
  console.log(JSON.stringify([part, part, { part }]));
});

test('JSON.parse: primitives and white space', () => {
  console.log(
    JSON.parse(' 1 '),
    JSON.parse('"a"'),
    JSON.parse('true'),
    JSON.parse('null'),
    JSON.parse('\n[1 ,\t2]\r'),
    JSON.parse('-0'),
    JSON.parse('1e3'),
    JSON.parse('1.5E-2'),
  );
});

test('JSON.parse: escapes', () => {
  console.log(
    JSON.parse('"\\u0041\\n\\t\\"\\\\\\/\\b\\f\\r"'),
    JSON.parse('"\\ud83d\\ude00"'),
    JSON.parse('"\\ud83d"').length,
    JSON.parse('"é€😀"'),
  );
});

test('JSON.parse: a name twice has the later value', () => {
  console.log(JSON.parse('{"a":1,"b":2,"a":3}'), JSON.parse('{"":1}'), JSON.parse('{"2":1,"1":2}'));
});

test('JSON.parse: nested values', () => {
  console.log(JSON.parse('{"a":[1,{"b":[[]]},null],"c":{"d":{}}}'));
});

test('JSON.parse: a function changes values from the inside out', () => {
  console.log(
    JSON.parse('{"a":[1,2],"b":{"c":3}}', (key, value: unknown) => {
      console.log(key, value);
      return typeof value === 'number' ? value * 2 : value;
    }),
  );
});

test('JSON.parse: undefined of the function removes', () => {
  console.log(
    JSON.parse('{"a":1,"b":2}', (key, value: unknown) => (key === 'a' ? undefined : value)),
    JSON.parse('[1,2,3]', (key, value: unknown) => (key === '1' ? 'x' : value)),
  );
});

test('JSON.parse: __proto__ is a name like others', () => {
  const object = JSON.parse('{"__proto__":1,"constructor":2}') as Record<string, number>;
  console.log(Object.keys(object), object['constructor']);
});

test('JSON.parse: refuses what is no JSON', () => {
  for (const text of [
    '',
    '{',
    '[1,]',
    '{"a":1,}',
    "{'a':1}",
    '{a:1}',
    '01',
    '1.',
    '.5',
    '+1',
    '"\n"',
    '"\\x41"',
    'undefined',
    'NaN',
    '[1 2]',
    '1 2',
    'tru',
    '"abc',
    '\u00a01',
    '{"a" 1}',
    '-',
    '1e',
    '"\\u12"',
  ]) {
    try {
      console.log(text, JSON.parse(text));
    } catch (error) {
      console.log(JSON.stringify(text), error instanceof SyntaxError, String(error));
    }
  }
});

test('JSON.parse: large and small numbers', () => {
  console.log(JSON.parse('[1e400, -1e400, 1e-400, 9007199254740993, 0.1, 123456789.123456789]'));
});

test('JSON.parse: undoes stringify', () => {
  const value = { text: 'é"\\', list: [1, -0.5, null, true], deep: { deeper: [{}, []] } };
  console.log(JSON.stringify(JSON.parse(JSON.stringify(value))) === JSON.stringify(value));
});

test('JSON.parse: deep nesting', () => {
  let depth = 0;
  let value: unknown = JSON.parse('['.repeat(200) + ']'.repeat(200));
  while (Array.isArray(value) && value.length > 0) {
    depth++;
    value = value[0] as unknown;
  }
  console.log(depth);
});

test('JSON.parse: a text with thousands of members', () => {
  const text = `{${Array.from({ length: 2000 }, (_, i) => `"k${i}":${i}`).join(',')}}`;
  const object = JSON.parse(text) as Record<string, number>;
  console.log(Object.keys(object).length, object['k1999'], JSON.stringify(object) === text);
});
