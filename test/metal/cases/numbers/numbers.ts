// Number and its methods.
import { test } from '../../test.ts';

test('Number: of texts', () => {
  console.log(
    [
      '',
      ' ',
      '12',
      ' 12\n',
      '1.5',
      '.5',
      '5.',
      '1e3',
      '1E-2',
      '-1',
      '+1',
      '--1',
      '1_000',
      '12px',
      'Infinity',
      '-Infinity',
      'infinity',
      'NaN',
    ].map((s) => Number(s)),
  );
});

test('Number: of texts in other bases', () => {
  console.log(['0x1f', '0X1F', '0b101', '0o17', '017', '0x', '0b2', '-0x1', '0xg'].map((s) => Number(s)));
});

test('Number: of other values', () => {
  console.log(
    Number(null),
    Number(undefined),
    Number(true),
    Number(false),
    Number([]),
    Number([7]),
    Number([1, 2]),
    Number({}),
    Number(),
  );
});

test('Number: of a date is its time', () => {
  console.log(Number(new Date(5)), Number({ valueOf: () => 42 }), Number({ toString: () => '7' }));
});

test('Number: of texts at the limits', () => {
  console.log(
    Number('1e309'),
    Number('-1e309'),
    Number('1e-400'),
    Number('-1e-400'),
    Number('9007199254740993'),
    Number('0.1') + Number('0.2'),
    Number('5e-324'),
    Number('2e-324'),
  );
});

test('Number: of texts with white space around', () => {
  console.log(Number('\u00a0\ufeff1\u2003'), Number('1 2'), Number('\n'), Number('- 1'));
});

test('Number.isFinite: converts nothing', () => {
  console.log(
    Number.isFinite(1),
    Number.isFinite(NaN),
    Number.isFinite(-Infinity),
    Number.isFinite('1'),
    Number.isFinite(null),
  );
});

test('Number.isInteger: -0 and large numbers are', () => {
  console.log(
    Number.isInteger(5),
    Number.isInteger(5.5),
    Number.isInteger(-0),
    Number.isInteger(1e300),
    Number.isInteger(Infinity),
    Number.isInteger('5'),
    Number.isInteger(5.000000000000001),
  );
});

test('Number.isNaN: only NaN is', () => {
  console.log(
    Number.isNaN(NaN),
    Number.isNaN(0 / 0),
    Number.isNaN('NaN'),
    Number.isNaN(undefined),
    Number.isNaN(Infinity),
  );
});

test('Number.isSafeInteger: up to 2^53 - 1', () => {
  console.log(
    Number.isSafeInteger(2 ** 53 - 1),
    Number.isSafeInteger(2 ** 53),
    Number.isSafeInteger(-(2 ** 53 - 1)),
    Number.isSafeInteger(1.5),
    Number.isSafeInteger('1'),
  );
});

test('Number.parseFloat: reads as far as it is a number', () => {
  console.log(
    [
      '3.14abc',
      '  7 ',
      '.5.5',
      '1e',
      '1e+',
      '1e5x',
      '-.5',
      '+5',
      'abc',
      '',
      '-',
      '.',
      '0x10',
      'Infinityx',
      '-Infinity',
      '1_0',
    ].map((s) => Number.parseFloat(s)),
  );
});

test('Number.parseInt: reads digits of a base', () => {
  console.log(
    Number.parseInt('12px'),
    Number.parseInt('ff', 16),
    Number.parseInt('0xff'),
    Number.parseInt('101', 2),
    Number.parseInt('z', 36),
    Number.parseInt('8', 8),
    Number.parseInt(''),
    Number.parseInt('-0'),
    Number.parseInt('1e3'),
  );
});

test('Number.EPSILON: is the step at 1', () => {
  console.log(Number.EPSILON, 1 + Number.EPSILON > 1, 1 + Number.EPSILON / 2 === 1);
});

test('Number.MAX_SAFE_INTEGER: is 2^53 - 1', () => {
  console.log(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1 === Number.MAX_SAFE_INTEGER + 2);
});

test('Number.MIN_SAFE_INTEGER: is -(2^53 - 1)', () => {
  console.log(Number.MIN_SAFE_INTEGER, -Number.MIN_SAFE_INTEGER === Number.MAX_SAFE_INTEGER);
});

test('Number.MAX_VALUE: twice as much is infinite', () => {
  console.log(Number.MAX_VALUE, Number.MAX_VALUE * 2, Number.MAX_VALUE + 1 === Number.MAX_VALUE);
});

test('Number.MIN_VALUE: half as much is zero', () => {
  console.log(Number.MIN_VALUE, Number.MIN_VALUE / 2, Number.MIN_VALUE > 0);
});

test('Number.NEGATIVE_INFINITY: is below everything', () => {
  console.log(
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY < -Number.MAX_VALUE,
    Number.NEGATIVE_INFINITY === -Infinity,
  );
});

test('Number.POSITIVE_INFINITY: is above everything', () => {
  console.log(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY > Number.MAX_VALUE, 1 / Number.POSITIVE_INFINITY);
});

test('Number.NaN: equals nothing', () => {
  const nan: number = Number.NaN;
  console.log(nan, nan === nan, Object.is(Number.NaN, NaN), nan !== nan);
});

test('Number.prototype.toString: the shortest digits that read back', () => {
  console.log(
    [
      0.1,
      1 / 3,
      1e21,
      1e-7,
      123456789012345680000,
      1e20,
      0.000001,
      5e-324,
      1.7976931348623157e308,
      2 ** 53,
      0.1 + 0.2,
      100,
      -1.5e-10,
    ].map((n) => n.toString()),
  );
});

test('Number.prototype.toString: special values', () => {
  console.log(NaN.toString(), Infinity.toString(), (-Infinity).toString(), (-0).toString(), (0).toString());
});

test('Number.prototype.toString: in other bases', () => {
  console.log(
    (255).toString(16),
    (255).toString(2),
    (-255).toString(36),
    (0.5).toString(2),
    (10.25).toString(8),
    (1e21).toString(16),
    (0.1).toString(3),
    NaN.toString(2),
    (2 ** 53).toString(36),
  );
});

test('Number.prototype.toString: throws RangeError for a base that is none', () => {
  for (const radix of [1, 37, 0, NaN, -2]) {
    try {
      console.log((5).toString(radix));
    } catch (error) {
      console.log(radix, String(error));
    }
  }
});

test('Number.prototype.toFixed: rounds the exact value', () => {
  console.log(
    (1.005).toFixed(2),
    (2.5).toFixed(0),
    (-2.5).toFixed(0),
    (1.45).toFixed(1),
    (0).toFixed(2),
    (-0).toFixed(2),
    (1e21).toFixed(2),
    (123.456).toFixed(),
    (0.000001).toFixed(7),
    NaN.toFixed(2),
    (-1.5).toFixed(0),
  );
});

test('Number.prototype.toFixed: throws RangeError beyond 100 digits', () => {
  console.log((1).toFixed(100).length);
  for (const digits of [-1, 101]) {
    try {
      console.log((1).toFixed(digits));
    } catch (error) {
      console.log(String(error));
    }
  }
});

test('Number.prototype.toExponential: with and without digits', () => {
  console.log(
    (12345).toExponential(),
    (12345).toExponential(2),
    (0).toExponential(),
    (0).toExponential(2),
    (-1.5e-9).toExponential(1),
    (25).toExponential(0),
    NaN.toExponential(),
    Infinity.toExponential(3),
  );
});

test('Number.prototype.toExponential: throws RangeError beyond 100 digits', () => {
  for (const digits of [-1, 101]) {
    try {
      console.log((1).toExponential(digits));
    } catch (error) {
      console.log(String(error));
    }
  }
});

test('Number.prototype.toPrecision: chooses the form', () => {
  console.log(
    (123.456).toPrecision(4),
    (0.000123).toPrecision(2),
    (1e21).toPrecision(3),
    (1234).toPrecision(2),
    (0).toPrecision(3),
    (1.25).toPrecision(2),
    (123).toPrecision(),
    NaN.toPrecision(2),
    (0.0000001).toPrecision(1),
  );
});

test('Number.prototype.toPrecision: throws RangeError outside 1 to 100', () => {
  for (const digits of [0, 101]) {
    try {
      console.log((1).toPrecision(digits));
    } catch (error) {
      console.log(String(error));
    }
  }
});

test('Number.prototype.valueOf: is the number', () => {
  console.log((5).valueOf(), (-0).valueOf(), NaN.valueOf());
});

test('Boolean: converts by truth', () => {
  console.log(
    [0, -0, NaN, '', null, undefined, false].map(Boolean),
    [1, -1, 'a', ' ', '0', 'false', [], {}, Infinity, Symbol('s')].map(Boolean),
    Boolean(),
  );
});

test('Boolean: toString is true or false', () => {
  console.log(true.toString(), false.toString(), `${true}`, String(false));
});

test('Boolean.prototype.valueOf: is the value', () => {
  console.log(true.valueOf(), false.valueOf());
});

test('parseInt: skips white space and a sign', () => {
  console.log(
    parseInt('  42'),
    parseInt('-42abc'),
    parseInt('+7'),
    parseInt('\n\t 5'),
    parseInt('- 5'),
    parseInt(' -0x1F'),
    parseInt('3.9'),
    parseInt('.5'),
  );
});

test('parseInt: the base', () => {
  console.log(
    parseInt('10', 2),
    parseInt('10', 36),
    parseInt('10', 0),
    parseInt('10', 1),
    parseInt('10', 37),
    parseInt('0x10', 10),
    parseInt('0x10', 16),
    parseInt('12', 2),
    parseInt('2', 2),
    parseInt('10', 16.9),
    parseInt('11', undefined),
  );
});

test('parseInt: long runs of digits', () => {
  console.log(
    parseInt('12345678901234567890'),
    parseInt('9'.repeat(400)),
    parseInt('ffffffffffffffff', 16),
    parseInt('1'.repeat(60), 2),
  );
});

test('parseFloat: reads as far as it is a number', () => {
  console.log(
    parseFloat('1.5e3abc'),
    parseFloat('-0'),
    parseFloat('1e1000'),
    parseFloat('\u00a05'),
    parseFloat('1.2.3'),
    parseFloat('e5'),
    parseFloat('5e-'),
    parseFloat('00.5'),
  );
});

test('isNaN: converts first', () => {
  console.log(
    isNaN(NaN),
    isNaN(0),
    isNaN('x' as unknown as number),
    isNaN('1' as unknown as number),
    isNaN(undefined as unknown as number),
    isNaN(Infinity),
  );
});

test('isFinite: converts first', () => {
  console.log(
    isFinite(1),
    isFinite(NaN),
    isFinite(-Infinity),
    isFinite('1' as unknown as number),
    isFinite(null as unknown as number),
    isFinite(undefined as unknown as number),
  );
});

test('NaN: is no number equal to itself', () => {
  const nan: number = NaN;
  console.log(nan, typeof nan, nan === nan, [NaN].indexOf(NaN), Math.max(NaN, 1));
});

test('Infinity: arithmetic with it', () => {
  console.log(
    Infinity - Infinity,
    Infinity * 0,
    Infinity / Infinity,
    1 / Infinity,
    -1 / Infinity,
    Infinity > 1e308,
    Infinity % 2,
    2 % Infinity,
  );
});

test('undefined: is a value', () => {
  console.log(undefined, typeof undefined, [undefined].length, void 0 === undefined, String(undefined));
});
