// Three tests of random bytes. Plain TypeScript, so that an image runs them on metal over what it drew, and a unit test on Node.
//
// Each returns how many standard deviations the count is from what is expected of random bits. Of LIMIT, which is 7, normal counts fall outside once in 4 * 10^11
// times: a failure means something.

/** The farthest that is passed. */
export const LIMIT = 7;

/** Ones among the bits. NIST SP 800-22 §2.1 */
export const monobit = (bytes: Uint8Array): number => {
  let ones = 0;
  for (let i = 0; i < bytes.length; i++) for (let bits = bytes[i]!; bits !== 0; bits &= bits - 1) ones += 1;
  const count = bytes.length * 8;
  return (2 * ones - count) / Math.sqrt(count);
};

/** Neighbouring bits that differ. NIST SP 800-22 §2.3 */
export const runs = (bytes: Uint8Array): number => {
  let changes = 0;
  let last = bytes[0]! & 1;
  for (let i = 0; i < bytes.length; i++) {
    for (let bit = 0; bit < 8; bit++) {
      const next = (bytes[i]! >> bit) & 1;
      if (next !== last) changes += 1;
      last = next;
    }
  }
  const count = bytes.length * 8 - 1;
  return (2 * changes - count) / Math.sqrt(count);
};

/** How often each value of a byte comes: chi-square with 255 degrees of freedom, as a normal deviate (Wilson and Hilferty). */
export const chiSquare = (bytes: Uint8Array): number => {
  const counts = new Uint32Array(256);
  for (let i = 0; i < bytes.length; i++) counts[bytes[i]!] = counts[bytes[i]!]! + 1;
  const expected = bytes.length / 256;
  let sum = 0;
  for (let value = 0; value < 256; value++) sum += (counts[value]! - expected) ** 2 / expected;
  const spread = 2 / (9 * 255);
  return (Math.cbrt(sum / 255) - (1 - spread)) / Math.sqrt(spread);
};
