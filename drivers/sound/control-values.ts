// Values of control elements: numbers, and the bytes that stand for them. VIRTIO 1.3 §5.14.6.10.2.

import type { SoundControl } from '../../kernel/device/sound.ts';

/** Numbers of 64 bits are exact up to this one. */
export const NUMBER_MAX = 2 ** 53 - 1;

const HIGH = 2 ** 32;

/** Returns a signed number of 64 bits, rounded beyond 2^53. */
export const readNumber64 = (view: DataView, offset: number): number =>
  view.getInt32(offset + 4, true) * HIGH + view.getUint32(offset, true);

/** Returns the numbers of a value, which begins with the view. */
export const decodeValue = ({ type, count }: SoundControl, view: DataView): number[] => {
  const numbers: number[] = [];
  for (let i = 0; i < count; i++) {
    if (type === 'integer64') numbers.push(readNumber64(view, 8 * i));
    else if (type === 'integer') numbers.push(view.getInt32(4 * i, true));
    else if (type === 'boolean' || type === 'enumerated') numbers.push(view.getUint32(4 * i, true));
    else numbers.push(view.getUint8(i));
  }
  return numbers;
};

/** Puts a value at `offset`. Its numbers are whole, and the control can have them. */
export const encodeValue = ({ type }: SoundControl, value: readonly number[], view: DataView, offset: number): void => {
  for (const [i, number] of value.entries()) {
    if (type === 'integer64') {
      view.setUint32(offset + 8 * i, low32(number), true);
      view.setInt32(offset + 8 * i + 4, Math.floor(number / HIGH), true);
    } else if (type === 'integer') view.setInt32(offset + 4 * i, number, true);
    else if (type === 'boolean' || type === 'enumerated') view.setUint32(offset + 4 * i, number, true);
    else view.setUint8(offset + i, number);
  }
};

/** Returns the lower 32 bits of a number of 64. */
const low32 = (number: number): number => number - Math.floor(number / HIGH) * HIGH;
