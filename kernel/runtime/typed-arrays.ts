// Typed arrays: what the compiler below does not check, orders as text, or makes in memory of another layout.

import { sortedList } from './sorting.ts';

type Numbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | Uint8ClampedArray;

type Order = (a: number, b: number) => number;

/** TypedArray.prototype.sort. Throws TypeError when `order` is neither a function nor undefined. */
export const sortNumbers = <T extends Numbers>(list: T, order: Order = ascending): T => {
  const sorted = sortedList(list as unknown as readonly number[], order);
  for (let i = 0; i < sorted.length; i++) list[i] = sorted[i]!;
  return list;
};

/** TypedArray.prototype.toSorted. Throws as sortNumbers does. */
export const sortedNumbers = <T extends Numbers>(list: T, order?: Order): T => sortNumbers(list.slice() as T, order);

/** TypedArray.prototype.toReversed. */
export const reversedNumbers = <T extends Numbers>(list: T): T => list.slice().reverse() as T;

/** TypedArray.prototype.with. Throws RangeError when there is no such element. */
export const withNumber = <T extends Numbers>(list: T, index: number, value: number): T => {
  const at = Math.trunc(index) || 0;
  const place = at < 0 ? at + list.length : at;
  if (place < 0 || place >= list.length) throw new RangeError('Invalid typed array index');
  const copy = list.slice() as T;
  copy[place] = value;
  return copy;
};

/** The default order of a typed array: by value, -0 before 0, NaN last. */
const ascending = (a: number, b: number): number => {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === 0 && b === 0) return (1 / a > 0 ? 1 : 0) - (1 / b > 0 ? 1 : 0);
  return (Number.isNaN(a) ? 1 : 0) - (Number.isNaN(b) ? 1 : 0);
};

/** TypedArray.prototype.set. Throws RangeError before anything is written when the source does not fit. */
export const setElements = (target: Numbers, source: ArrayLike<number>, offset = 0): void => {
  const start = Math.trunc(offset) || 0;
  if (start < 0 || start + source.length > target.length) throw new RangeError('offset is out of bounds');
  // The source may lie in the same memory: it is read as a whole before the first store.
  const copy = ArrayBuffer.isView(source) ? (source as unknown as Uint8Array).slice() : source;
  for (let i = 0; i < copy.length; i++) target[start + i] = copy[i] as number;
};

/**
 * Returns `offset` when a view of `length` elements of `size` bytes from there lies in `buffer`. Throws RangeError otherwise. What is no buffer is copied, whatever the
 * offset.
 */
export const checkedOffset = (buffer: ArrayBuffer | object, size: number, offset = 0, length?: number): number => {
  if (!(buffer instanceof ArrayBuffer)) return offset;
  const start = Math.trunc(offset) || 0;
  if (start < 0 || start % size !== 0) throw new RangeError(`start offset should be a multiple of ${size}`);
  const bytes = length === undefined ? buffer.byteLength - start : length * size;
  if (length === undefined && bytes % size !== 0) throw new RangeError(`byte length should be a multiple of ${size}`);
  if (bytes < 0 || start + bytes > buffer.byteLength) throw new RangeError('Invalid typed array length');
  return start;
};
