// Found by `make fuzz`: elements that are not there, whose type says that they are.
import { test } from '../../test.ts';

const bytes = new Uint8Array(2);
const far = (): number => bytes.length + 7;

const attempt = (body: () => unknown): void => {
  try {
    console.log(body());
  } catch (error) {
    console.log(String(error));
  }
};

test('increment: of a variable that holds undefined', () => {
  let a = bytes[far()];
  a++;
  let b = new Float64Array(1)[far()];
  const before = b++;
  let c = [1][far()];
  const next = ++c;
  console.log(a, before, b, next);
});

test('decrement: of a variable that holds undefined, also from a closure', () => {
  let a = bytes[far()];
  const down = (): number => a--;
  console.log(down(), a);
  let good = bytes[0];
  good++;
  const last = good--;
  console.log(last, good, --good);
});

test('increment: of a parameter that was given undefined', () => {
  const next = (n: number): number => {
    n++;
    return n;
  };
  console.log(next(bytes[far()]), next(4));
});

test('element access: a character behind the end of a string that is known', () => {
  const text = 'abc';
  console.log('abc'[5], text[far()], `x${far()}`[4], 'abc'[1], text[2], 'é日'[1]);
  console.log(typeof 'abc'[5], 'abc'[5] ?? 'none', `${text[far()]}`, `${'abc'[5]}x`);
  attempt(() => 'a'[3].slice(-2, 3));
  attempt(() => text[far()].length);
  attempt(() => [...'a'[3].matchAll(/a/g)].length);
});

test('Number.prototype.toFixed: of undefined', () => attempt(() => [1.5][far()].toFixed(1)));
test('Number.prototype.toPrecision: of undefined', () => attempt(() => bytes[far()].toPrecision(2)));
test('Number.prototype.toExponential: of undefined', () => attempt(() => bytes[far()].toExponential(2)));
test('Number.prototype.toString: of undefined', () => attempt(() => bytes[far()].toString(2)));
test('String.prototype.search: of undefined', () => attempt(() => ['a'][far()].search(/a/)));
test('String.prototype.padStart: of undefined', () => attempt(() => ['a'][far()].padStart(4)));
test('String.prototype.padEnd: of undefined', () => attempt(() => ['a'][far()].padEnd(4)));
test('String.prototype.substring: of undefined', () => attempt(() => ['a'][far()].substring(4)));
test('String.prototype.codePointAt: of undefined', () => attempt(() => ['a'][far()].codePointAt(0)));
