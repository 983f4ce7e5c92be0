// The global crypto: what Web Cryptography calls a source of random values. https://w3c.github.io/webcrypto/#Crypto-interface
//
// The bytes are those of kernel/hal/random.ts. They come at once, and never from anything weaker: where the processor has no generator, and nobody has seeded it
// (seedRandom of drivers/open/entropy.ts), a call throws.

import { fillRandom, wantsSeed } from '../hal/random.ts';
import { DOMExceptionObject } from './abort.ts';
import { askForSeed } from './reseed.ts';

/** The longest array that one call fills. */
const LENGTH_MAX = 65_536;

/** What a call may fill. */
type Fillable = Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array;

/** crypto.getRandomValues(): fills an array of integers, and returns it. Throws a DOMException: TypeMismatchError, QuotaExceededError, OperationError. */
export const getRandomValues = <T>(_crypto: object, array: T): T => {
  if (!isFillable(array)) {
    throw new DOMExceptionObject('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
  }
  if (array.byteLength > LENGTH_MAX) {
    throw new DOMExceptionObject('The requested length exceeds 65,536 bytes', 'QuotaExceededError');
  }
  fill(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return array;
};

const HEX = '0123456789abcdef';
const UUID_LENGTH = 16;

/** crypto.randomUUID(): 122 random bits as RFC 9562 §5.4 writes them. Throws as getRandomValues does. */
export const randomUuid = (_crypto: object): string => {
  const bytes = new Uint8Array(UUID_LENGTH);
  fill(bytes);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40; // Version 4.
  bytes[8] = (bytes[8]! & 0x3f) | 0x80; // The variant of that RFC.
  let text = '';
  for (let i = 0; i < UUID_LENGTH; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += `${HEX[bytes[i]! >> 4]}${HEX[bytes[i]! & 0xf]}`;
  }
  return text;
};

const fill = (bytes: Uint8Array): void => {
  if (bytes.length === 0) return;
  if (!fillRandom(bytes)) {
    const message =
      'there is no entropy yet: the processor has no RDRAND; await seedRandom() of drivers/open/entropy.ts first';
    throw new DOMExceptionObject(message, 'OperationError');
  }
  if (wantsSeed()) askForSeed();
};

const isFillable = (value: unknown): value is Fillable =>
  value instanceof Uint8Array ||
  value instanceof Uint32Array ||
  value instanceof Uint16Array ||
  value instanceof Uint8ClampedArray ||
  value instanceof Int8Array ||
  value instanceof Int16Array ||
  value instanceof Int32Array;

/** The global crypto. Its methods are the functions above; taken off it they are refused, as on Node they would throw. */
export const cryptoObject = {};
