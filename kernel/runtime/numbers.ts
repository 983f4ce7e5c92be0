// Functions of Number and Math that the compiler below gets wrong at the edges.

/** Number.isInteger: also false for infinities and for what is no number. */
export const isInteger = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && Math.floor(value) === value;

/** Number.isSafeInteger. */
export const isSafeInteger = (value: unknown): boolean =>
  isInteger(value) && Math.abs(value as number) <= 9007199254740991;

/** Math.clz32 of any number, negative ones included. */
export const countLeadingZeros = (value: number): number => Math.clz32(value >>> 0);

/** Number(value): undefined is not a number. */
export const toNumber = (value: unknown): number => (value === undefined ? Number.NaN : Number(value));

/** Returns `length` if it can be the length of an array. Throws RangeError otherwise. */
export const checkedLength = (length: number): number => {
  if (length >>> 0 !== length) throw new RangeError('Invalid array length');
  return length;
};
