// Values that the machine has told of (kernel/test/encode.ts), as values again: Vitest shows in what two of them differ.

import type { Encoded, EncodedObject } from '../../kernel/test/encode.ts';

/** Returns the value, or for what cannot cross over something that is shown as it would be. */
export const decode = (encoded: Encoded): unknown =>
  typeof encoded === 'object' && encoded !== null ? decodeObject(encoded) : encoded;

const decodeObject = ({ type, name = '', elements = [], entries = [] }: EncodedObject): unknown => {
  const values = elements.map(decode);
  const pairs = entries.map(([key, value]): [unknown, unknown] => [decode(key), decode(value)]);
  switch (type) {
    case 'undefined':
      return undefined;
    case 'number':
      return Number(name);
    case 'symbol':
      return Symbol(name);
    case 'function':
      return Object.defineProperty(() => undefined, 'name', { value: name });
    case 'array':
      return values;
    case 'map':
      return new Map(pairs);
    case 'set':
      return new Set(values);
    case 'date':
      return new Date(values[0] as number);
    case 'pattern':
      return new RegExp(name, values[0] as string);
    case 'error':
      return Object.assign(new Error(String(values[0])), { name, stack: undefined });
    case 'numbers':
      return numbersOf(name, values as number[]);
    case 'object':
      return objectOf(name, pairs);
    default:
      return shownAs(name);
  }
};

const NUMBERS = {
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Float32Array,
  Float64Array,
};

const numbersOf = (name: string, values: readonly number[]): unknown => {
  const kind = Object.entries(NUMBERS).find(([known]) => known === name)?.[1];
  if (kind !== undefined) return kind.from(values);
  const bytes = Uint8Array.from(values);
  return name === 'DataView' ? new DataView(bytes.buffer) : bytes.buffer;
};

/** The class is a new one of the same name: it is only shown. */
const objectOf = (name: string, pairs: readonly (readonly [unknown, unknown])[]): object => {
  const constructor = Object.defineProperty(class {}, 'name', { value: name });
  const object: object = name === '' || name === 'Object' ? {} : new constructor();
  return Object.assign(object, Object.fromEntries(pairs as [PropertyKey, unknown][]));
};

/** What Vitest shows of its own matchers, it shows of this. */
const shownAs = (text: string): object => ({
  $$typeof: Symbol.for('jest.asymmetricMatcher'),
  asymmetricMatch: () => false,
  toString: () => text,
  toAsymmetricMatcher: () => text,
});
