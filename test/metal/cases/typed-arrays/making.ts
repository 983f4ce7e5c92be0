// Typed arrays made of lengths, lists and buffers.
import { test } from '../../test.ts';

test('new Uint8Array: of a length is all zeros', () => {
  console.log(new Uint8Array(3), new Uint8Array(), new Uint8Array(0).length);
});

test('new Uint8Array: a length that is none throws RangeError', () => {
  for (const length of [-1, -1.5, Infinity]) {
    try {
      console.log(new Uint8Array(length).length);
    } catch (error) {
      console.log(error instanceof RangeError);
    }
  }
  console.log(new Uint8Array(1.9).length, new Uint8Array(NaN).length, new Uint8Array(-0.5).length);
});

test('new Uint8Array: of a list keeps the lowest 8 bits', () => {
  console.log(new Uint8Array([0, 255, 256, -1, 1.9, -1.9, NaN, Infinity, 2 ** 32 + 5, 1e20]));
});

test('new Int8Array: of a list is signed', () => {
  console.log(new Int8Array([127, 128, 255, -128, -129, 1.9, -1.9, NaN]));
});

test('new Uint8ClampedArray: of a list stays in range and rounds to even', () => {
  console.log(new Uint8ClampedArray([300, -5, 1.5, 2.5, 0.5, 254.5, 255.5, NaN, Infinity, -Infinity]));
});

test('new Int16Array: of a list is signed', () => {
  console.log(new Int16Array([32767, 32768, -32769, 65536, 1e10, NaN]));
});

test('new Uint16Array: of a list keeps the lowest 16 bits', () => {
  console.log(new Uint16Array([65535, 65536, -1, 1e10, 0.9]));
});

test('new Int32Array: of a list is signed', () => {
  console.log(new Int32Array([2147483647, 2147483648, -2147483649, 4294967296, 1e20, -1]));
});

test('new Uint32Array: of a list keeps the lowest 32 bits', () => {
  console.log(new Uint32Array([4294967295, 4294967296, -1, 1e20, 1.5]));
});

test('new Float32Array: of a list rounds to 32 bits', () => {
  console.log(new Float32Array([0.1, 1e40, -1e40, 16777217, NaN, -0, 1e-46]));
});

test('new Float64Array: of a list keeps all', () => {
  console.log(new Float64Array([0.1, 1e308, NaN, -0, 5e-324, Infinity]));
});

test('new Float64Array: of another typed array converts', () => {
  console.log(
    new Float64Array(new Uint8Array([1, 2])),
    new Uint8Array(new Float32Array([1.9, 300, -1])),
    new Int8Array(new Uint8Array([200])),
  );
});

test('new Uint8Array: of another typed array is a copy', () => {
  const source = new Uint8Array([1, 2]);
  const copy = new Uint8Array(source);
  copy[0] = 9;
  console.log(source, copy, source.buffer === copy.buffer);
});

test('new Uint8Array: of a buffer shares it', () => {
  const buffer = new ArrayBuffer(4);
  const bytes = new Uint8Array(buffer);
  const words = new Uint16Array(buffer);
  words[1] = 0x1234;
  console.log(bytes, words, bytes.buffer === buffer);
});

test('new Uint16Array: of a part of a buffer', () => {
  const bytes = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
  const words = new Uint16Array(bytes.buffer, 2, 2);
  console.log(
    words,
    words.byteOffset,
    words.byteLength,
    words.length,
    new Uint16Array(bytes.buffer, 4),
    new Uint8Array(bytes.buffer, 8).length,
  );
});

test('new Uint32Array: outside a buffer or at an odd place throws RangeError', () => {
  const buffer = new ArrayBuffer(10);
  for (const make of [
    () => new Uint32Array(buffer),
    () => new Uint32Array(buffer, 1),
    () => new Uint32Array(buffer, 12),
    () => new Uint32Array(buffer, 4, 2),
    () => new Uint32Array(buffer, -4),
    () => new Uint32Array(buffer, 4, -1),
  ]) {
    try {
      console.log(make().length);
    } catch (error) {
      console.log(error instanceof RangeError);
    }
  }
});

test('new Int16Array: of iterables', () => {
  console.log(new Int16Array(new Set([1, 2])), new Int16Array(new Map([[1, 2]]).values()));
});

test('new Int32Array: of an object with a length', () => {
  console.log(
    new Int32Array({ length: 2, 0: 5, 1: 6 } as ArrayLike<number>),
    new Int32Array({ length: 3 } as ArrayLike<number>),
  );
});

test('Uint8Array.from: of lists, strings of digits and functions', () => {
  console.log(
    Uint8Array.from([1, 300]),
    Uint8Array.from([1, 2], (n) => n * 100),
    Uint8Array.from({ length: 3 }, (_, i) => i),
    Uint8Array.from(new Set([7])),
  );
});

test('Float32Array.from: of other typed arrays', () => {
  console.log(
    Float32Array.from(new Int8Array([-1, 5]), (n, i) => n / 2 + i),
    Int8Array.from(new Float64Array([1.9, -1.9])),
  );
});

test('Uint8Array.of: of values', () => {
  console.log(Uint8Array.of(), Uint8Array.of(1, 256, -1), Float64Array.of(0.5), Int32Array.of(1));
});

test('Uint8Array.BYTES_PER_ELEMENT: the size of an element', () => {
  console.log(
    Int8Array.BYTES_PER_ELEMENT,
    Uint8Array.BYTES_PER_ELEMENT,
    Uint8ClampedArray.BYTES_PER_ELEMENT,
    Int16Array.BYTES_PER_ELEMENT,
    Uint16Array.BYTES_PER_ELEMENT,
  );
  console.log(
    Int32Array.BYTES_PER_ELEMENT,
    Uint32Array.BYTES_PER_ELEMENT,
    Float32Array.BYTES_PER_ELEMENT,
    Float64Array.BYTES_PER_ELEMENT,
  );
});

test('Uint8Array.prototype.BYTES_PER_ELEMENT: the size of an element', () => {
  console.log(
    new Int8Array(1).BYTES_PER_ELEMENT,
    new Uint16Array(1).BYTES_PER_ELEMENT,
    new Float64Array(1).BYTES_PER_ELEMENT,
  );
});

test('Uint8Array.prototype.buffer: is the memory below', () => {
  const bytes = new Uint8Array([1, 2]);
  console.log(
    bytes.buffer.byteLength,
    bytes.subarray(1).buffer === bytes.buffer,
    bytes.slice().buffer === bytes.buffer,
  );
});

test('Uint8Array.prototype.byteLength: counts bytes', () => {
  console.log(new Uint8Array(3).byteLength, new Float64Array(3).byteLength, new Uint16Array(3).subarray(1).byteLength);
});

test('Uint8Array.prototype.byteOffset: the place in the buffer', () => {
  console.log(
    new Uint8Array(3).byteOffset,
    new Uint16Array(4).subarray(2).byteOffset,
    new Uint16Array(4).subarray(2).subarray(1).byteOffset,
  );
});

test('Uint8Array.prototype.length: counts elements', () => {
  console.log(new Uint8Array(3).length, new Float64Array([1, 2]).length, new Uint8Array(0).length);
});

test('element access: elements outside are undefined, stores there vanish', () => {
  const bytes = new Uint8Array(2);
  bytes[2] = 5;
  bytes[-1] = 5;
  bytes[1e9] = 5;
  console.log(bytes, bytes[2], bytes[-1], bytes.length, Object.keys(bytes));
});

test('element access: the result of a store is what was stored', () => {
  const bytes = new Uint8Array(1);
  const stored = (bytes[0] = 300);
  console.log(stored, bytes[0]);
  bytes[0]! += 300;
  console.log(
    bytes[0],
    bytes[0]!++,
    bytes[0],
    --bytes[0]!,
    (bytes[0]! |= 0xf00),
    bytes[0],
    (bytes[0]! <<= 4),
    bytes[0],
  );
});

test('element access: numbers of 16 and 32 bits wrap when counted', () => {
  const words = new Uint16Array([65535]);
  const ints = new Int32Array([2147483647]);
  words[0]!++;
  ints[0]!++;
  console.log(words[0], ints[0]);
  ints[0]! -= 1;
  console.log(ints[0]);
});
