// The arithmetic operators over numbers at their edges, and over what else the checker lets through.
import { test } from '../../test.ts';

const NUMBERS = [0, -0, 1, -1, 0.5, -2.5, 7, 2 ** 31, -(2 ** 31), 2 ** 53, 1e308, 5e-324, Infinity, -Infinity, NaN];
const each = (name: string, operate: (a: number, b: number) => number): void => {
  for (const a of NUMBERS)
    console.log(name, a, NUMBERS.map((b) => (Object.is(operate(a, b), -0) ? '-0' : String(operate(a, b)))).join(' '));
};
const untyped = (value: unknown): any => value;

enum Level {
  low = 1,
  middle,
  high = 10,
}

test('addition: of all pairs of numbers', () => each('+', (a, b) => a + b));
test('subtraction: of all pairs of numbers', () => each('-', (a, b) => a - b));
test('multiplication: of all pairs of numbers', () => each('*', (a, b) => a * b));
test('division: of all pairs of numbers', () => each('/', (a, b) => a / b));
test('remainder: of all pairs of numbers', () => each('%', (a, b) => a % b));
test('exponentiation: of all pairs of numbers', () => each('**', (a, b) => a ** b));

test('remainder: takes the sign of the dividend', () => {
  console.log(5 % 3, -5 % 3, 5 % -3, -5 % -3, 5.5 % 2, -1 % 1, 0 % -1, -0 % 5);
});
test('remainder: is exact for large numbers', () => {
  console.log(2 ** 53 % 3, 1e308 % 7, 1e22 % 10, 123456789012345 % 1000, 0.3 % 0.1);
});
test('exponentiation: binds from the right and tighter than multiplication', () => {
  console.log(2 ** (3 ** 2), (2 ** 3) ** 2, 2 * 3 ** 2, (-2) ** 3, (-2) ** 0.5, 2 ** -1);
});
test('exponentiation: of zeros and infinities', () => {
  console.log(
    0 ** 0,
    NaN ** 0,
    1 ** Infinity,
    0 ** -1,
    (-0) ** -1,
    (-0) ** -2,
    (-0) ** 3,
    Infinity ** 0,
    (-Infinity) ** 3,
    (-Infinity) ** -3,
  );
});
test('subtraction: is left-associative', () => {
  console.log(10 - 4 - 3, 10 - (4 - 3), 100 / 10 / 5, 100 / (10 / 5), (7 % 4) % 2);
});
test('precedence: arithmetic, shift, comparison, equality and logic', () => {
  const [a, b, c] = [2, 3, 4];
  console.log(
    a + b * c,
    (a + b) * c,
    a << (b + 1),
    a + b > c && c - b < a,
    a | (b & c),
    (a | b) & c,
    (a ^ b) | c,
    -(a ** 2),
  );
});
test('multiplication: gives minus zero where one side is negative', () => {
  const zero = 0;
  console.log(zero * -1, -zero * 1, zero * 0, -zero * -1, 1 / (zero * -5), -3 * 0);
});
test('addition: zeros keep their sign only when both are negative', () => {
  const minus = -0;
  console.log(minus + minus, minus + 0, 0 + minus, 0 - 0, minus - 0, 0 - minus);
});
test('addition: rounds to the nearest, ties to even', () => {
  console.log(2 ** 53 + 1, 2 ** 53 + 2, 2 ** 53 + 3, 0.1 + 0.2, 1 + Number.EPSILON / 2, 1 + Number.EPSILON);
});
test('division: of integers gives fractions', () => {
  console.log(7 / 2, 1 / 3, -7 / 2, 6 / 3, 1 / 0, -1 / 0, 0 / 0, 5e-324 / 2);
});
test('addition: of a string and a number', () => {
  const n = 5;
  console.log('a' + n, n + 'a', 'a' + -0, 'x' + NaN, 'x' + 1e21, 1 + 2 + 'b' + 1 + 2, '' + 0.1, 'n' + -Infinity);
});
test('addition: of a string and a boolean, null or undefined', () => {
  const none: string | null = untyped(null);
  const missing: string | undefined = untyped(undefined);
  const flag = NUMBERS.length > 3;
  console.log('a' + flag, flag + 'a', 'a' + none, none + 'a', 'a' + missing, missing + 'a', `${none}${missing}`);
});
test('addition: of a string and an array', () => {
  const list = [1, 2, [3, 4]];
  const empty: number[] = [];
  console.log('a' + list, list + 'a', 'a' + empty + 'b', 'a' + [null, undefined, 1], 'x' + [[], [[]]]);
});
test('addition: of a string and an object', () => {
  console.log('a' + { x: 1 }, { x: 1 } + 'a', 'it ' + new Map(), 'e: ' + new Error('m'), 'r' + /x+/g);
});
test('addition: of a string and an object with toString', () => {
  const place = { x: 1, toString: () => 'place' };
  console.log('a ' + place, place + ' a', `${place}`);
});
test('addition: long chains of strings and numbers', () => {
  let s = '';
  for (let i = 0; i < 5; i++) s = s + i + ':' + i * i + (i % 2 === 0 ? ' even' : ' odd') + ',';
  console.log(s);
});
test('addition: of numbers in front of a string adds them first', () => {
  const [a, b] = [1, 2];
  console.log(a + b + '!', '!' + a + b, '!' + (a + b), a + (b + '!') + a + b);
});
test('unary plus: of numbers and strings', () => {
  for (const text of [
    '',
    ' ',
    '12',
    ' 12 ',
    '\n7\t',
    '1e3',
    '0x1F',
    '0b101',
    '0o17',
    '-5',
    '+5',
    '1_000',
    '12px',
    '-0',
    '.5',
    '5.',
    'Infinity',
    '-Infinity',
    'infinity',
    'NaN',
    '--1',
    '0x',
    '1e',
    '\u00a03\ufeff',
  ])
    console.log(JSON.stringify(text), +text);
});
test('unary plus: of booleans, null and undefined', () => {
  const flag: boolean = NUMBERS.length > 3;
  const none: null = null;
  const missing: undefined = undefined;
  console.log(+flag, +!flag, +(none as unknown as number), +(missing as unknown as number));
});
test('unary minus: of strings, booleans and zero', () => {
  const zero = 0;
  console.log(-'12', -'', -'x', -true, -false, -zero, -(-zero), -(-5), -NaN);
});
test('unary plus: of arrays and objects', () => {
  const one = [7];
  const two = [1, 2];
  const none: number[] = [];
  console.log(+one, +two, +none, +{}, +['12'], +[[]]);
});
test('unary plus: of a date is its time', () => {
  console.log(+new Date(1234), -new Date(5));
});
test('unary plus: of an object with valueOf', () => {
  const five = { valueOf: () => 5 };
  const text = { toString: () => '8' };
  console.log(+five, -five, +text);
});
test('increment: before and after', () => {
  let n = 5;
  console.log(n++, n, ++n, n, n--, n, --n, n);
});
test('increment: at the edges', () => {
  let max = Number.MAX_SAFE_INTEGER;
  max++;
  max++;
  let zero = -0;
  const before = zero++;
  let not = NaN;
  not++;
  let half = 0.5;
  half--;
  let big = 2 ** 31 - 1;
  big++;
  console.log(max, before, zero, not, half, big);
});
test('increment: of members and elements', () => {
  const o = { n: 1, list: [1, 2, 3] };
  let reads = 0;
  const get = (): typeof o => {
    reads++;
    return o;
  };
  console.log(get().n++, ++get().n, get().list[1]!++, --get().list[2]!, o.n, o.list, reads);
});
test('increment: of accessors', () => {
  const log: string[] = [];
  const counter = {
    value: 1,
    get n(): number {
      log.push('get');
      return this.value;
    },
    set n(value: number) {
      log.push(`set ${value}`);
      this.value = value;
    },
  };
  console.log(counter.n++, ++counter.n, counter.n--, log.join());
});
test('subtraction: of untyped values converts them', () => {
  console.log(
    untyped('7') - untyped('2'),
    untyped('a') - 1,
    untyped(null) - 1,
    untyped(true) - 0,
    untyped([5]) - 2,
    untyped({}) - 1,
    untyped(undefined) - 1,
  );
});
test('multiplication: of untyped values converts them', () => {
  console.log(
    untyped('7') * untyped('2'),
    untyped('') * 3,
    untyped('0x10') * 1,
    untyped('9') / untyped('2'),
    untyped('9') % 5,
    untyped('3') ** untyped('2'),
  );
});
test('subtraction: of enum members', () => {
  const start: Level = Level.low;
  console.log(Level.high - start, Level.high * 2, -Level.middle, Level.low + 1);
});
test('exponentiation: integer powers are as exact as Node’s', () => {
  const out: number[] = [];
  for (let i = 0; i < 40; i++) out.push(3 ** i, 10 ** -i);
  console.log(out.join(' '));
});
test('multiplication: beyond 53 bits rounds', () => {
  console.log(123456789 * 987654321, 4294967295 * 4294967295, 0xdeadbeef * 0xcafebabe, 9007199254740991 * 3);
});
