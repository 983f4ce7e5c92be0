// Math.round, ECMA-262 §21.3.2.28.

/** Returns the nearest integer, ties towards positive infinity; the sign of a zero is that of `value`. */
export const roundHalfUp = (value: number): number => {
  const below = Math.floor(value);
  return value - below < 0.5 ? below : Math.ceil(value);
};
