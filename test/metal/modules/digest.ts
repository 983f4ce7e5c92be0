// A digest of numbers to the last bit, for comparing thousands of results by a line.

/** A digest under way. */
export interface Digest {
  /** Takes a number in: −0 is another than 0, and NaN is one. */
  add(value: number): void;
  /** Returns the digest of all so far: 32 bits. FNV-1a, by words. */
  value(): number;
}

/** Returns the digest of nothing. */
export const createDigest = (): Digest => {
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer);
  let sum = 0x811c9dc5;
  const take = (word: number): void => {
    sum = Math.imul(sum ^ word, 0x01000193) >>> 0;
  };
  return {
    add(value) {
      double[0] = value;
      take(Number.isNaN(value) ? 1 : words[0]!);
      take(Number.isNaN(value) ? 1 : words[1]!);
    },
    value: () => sum,
  };
};
