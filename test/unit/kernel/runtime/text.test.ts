import { inspect as nodeInspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { lowerCase, upperCase } from '../../../../kernel/runtime/case.ts';
import { isoText, parseDate } from '../../../../kernel/runtime/dates.ts';
import { toExponential, toFixed, toPrecision } from '../../../../kernel/runtime/decimal.ts';
import { inspect } from '../../../../kernel/runtime/inspect.ts';
import { parseJson } from '../../../../kernel/runtime/json-parse.ts';
import { stringify } from '../../../../kernel/runtime/json-stringify.ts';
import { parseInteger } from '../../../../kernel/runtime/parse-int.ts';
import { toRadix } from '../../../../kernel/runtime/radix.ts';
import { roundHalfUp } from '../../../../kernel/runtime/round.ts';
import { decodeUtf8, encodeUtf8 } from '../../../../kernel/runtime/text-codec.ts';

const SEED = 20240229;

/** Returns a generator of numbers below 2^32; the same for the same seed (xorshift32). */
const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
};

const doubles = (count: number): number[] => {
  const random = randomFrom(SEED);
  const view = new DataView(new ArrayBuffer(8));
  return Array.from({ length: count }, (_, i) => {
    if (i % 3 === 0) return ((random() % 2000001) - 1000000) / 10 ** (random() % 8);
    view.setUint32(0, random());
    view.setUint32(4, random());
    const value = view.getFloat64(0);
    return i % 3 === 1 ? value : (value % 1e6) + random() / 1024;
  });
};

describe(`helpers of the run time agree with Node's own (seed ${SEED})`, () => {
  it('fixed, precise and exponential decimals of random doubles', () => {
    for (const value of doubles(3000)) {
      for (const digits of [0, 1, 2, 7, 20]) {
        expect(toFixed(value, digits), `${value} ${digits}`).toBe(value.toFixed(digits));
        expect(toExponential(value, digits), `${value} ${digits}`).toBe(value.toExponential(digits));
        expect(toPrecision(value, digits + 1), `${value} ${digits}`).toBe(value.toPrecision(digits + 1));
      }
      expect(toExponential(value)).toBe(value.toExponential());
      expect(Object.is(roundHalfUp(value), Math.round(value))).toBe(true);
    }
  });

  it('fractions in every radix', () => {
    for (const value of doubles(600).filter((value) => Math.abs(value) < 2 ** 53))
      for (const radix of [2, 3, 7, 16, 36])
        expect(toRadix(value, radix), `${value} ${radix}`).toBe(value.toString(radix));
  });

  it('whole numbers at the start of a text', () => {
    const texts = [
      '12px',
      ' -0x1F',
      '9007199254740993',
      '900719925474099300000',
      '',
      'abc',
      '+5',
      '0b1',
      '1e3',
      '-',
      '0x',
      '12345678901234567890abc',
    ];
    for (const text of texts)
      for (const radix of [undefined, 10, 16, 2, 36])
        expect(parseInteger(text, radix), text).toBe(Number.parseInt(text, radix));
  });

  it('upper and lower case of every code point', () => {
    for (let code = 0; code < 0x20000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const letter = String.fromCodePoint(code);
      expect(upperCase(letter) + lowerCase(letter), `U+${code.toString(16)}`).toBe(
        letter.toUpperCase() + letter.toLowerCase(),
      );
    }
    for (const word of ['ΟΔΥΣΣΕΥΣ', 'Σ', 'ΑΣ ΣΑ', "ΑΣ'Α", 'ΑΣ.', 'Σ1'])
      expect(lowerCase(word)).toBe(word.toLowerCase());
  });

  it('JSON, written and read', () => {
    const values: unknown[] = [
      { b: [1, 'x', null, undefined], 2: {}, 1: [] },
      'a"\\\n\u0001\ud800€😀',
      -0,
      NaN,
      [[]],
      new Date(0),
      new Map(),
      { toJSON: (key: string) => `k${key}` },
    ];
    for (const value of values)
      for (const space of [undefined, 2, '--'])
        expect(stringify(value, undefined, space)).toBe(JSON.stringify(value, undefined, space));
    for (const text of ['{"a":[1,2.5e3,-0,"\\u20ac\\n"],"a":null}', ' [ true , false ] ', '"\\ud83d\\ude00"', '0.1'])
      expect(parseJson(text)).toEqual(JSON.parse(text));
    for (const text of ['', '{', '[1,]', '01', '1.', '"\t"', '{a:1}', 'nul', '"\\x"', '1 2', '--1'])
      expect(() => parseJson(text), text).toThrow(SyntaxError);
  });

  it('dates before and after the years of four digits', () => {
    for (const time of [0, -1, 1e12, 8.64e15, -8.64e15, -62198755200000, 253402300800000]) {
      expect(isoText(new Date(time))).toBe(new Date(time).toISOString());
      expect(parseDate(new Date(time).toISOString())).toBe(time);
    }
    for (const text of [
      '2020',
      '2020-05',
      '2020-02-30T00:00:00Z',
      '2020-01-02T24:00:00Z',
      '2020-01-02T25:00Z',
      '2020-13-01',
      '-000000-01-01T00:00Z',
      '',
    ])
      expect(parseDate(text), text).toBe(Date.parse(text));
  });

  it('UTF-8 of random units and bytes', () => {
    const random = randomFrom(SEED);
    const encoder = new TextEncoder();
    const decoder = new TextDecoder();
    for (let round = 0; round < 500; round++) {
      const text = String.fromCharCode(
        ...Array.from({ length: 8 }, () => (round % 2 ? random() & 0xffff : 0xd700 + (random() % 0x900))),
      );
      expect(encodeUtf8(text)).toEqual(encoder.encode(text));
      const bytes = Uint8Array.from({ length: 8 }, () => (random() % 3 ? 0x80 | (random() & 0x7f) : random()));
      expect(decodeUtf8(bytes), bytes.join(' ')).toBe(decoder.decode(bytes));
    }
  });

  it('what console.log shows of nested objects', () => {
    const random = randomFrom(SEED);
    const make = (depth: number): unknown => {
      const kind = random() % (depth > 4 ? 5 : 9);
      if (kind === 0) return (random() % 2000) - 1000;
      if (kind === 1) return "it's a text of some length ".slice(0, random() % 26).repeat(1 + (random() % 3));
      if (kind === 2) return [true, null, undefined, -0, 1e21][random() % 5];
      if (kind === 3) return random() / 65536;
      if (kind === 4) return new Uint8Array(random() % 30);
      if (kind === 5) return new Map([[make(depth + 1), make(depth + 1)]]);
      if (kind === 6) return new Set([make(depth + 1), make(depth + 1)]);
      const items = Array.from({ length: random() % 12 }, () => make(depth + 1));
      return kind === 7
        ? items
        : Object.fromEntries(items.map((item, i) => [i % 4 === 0 ? `${9 - i}` : `key${i}`, item]));
    };
    for (let round = 0; round < 400; round++) {
      const value = make(0);
      expect(inspect(value, 2)).toBe(nodeInspect(value));
    }
  });
});
