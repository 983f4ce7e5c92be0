// Feature bits: sets of them, their names, and what both sides can agree on. VIRTIO 1.2 §2.2 and §6.
//
// A set is an array of 32-bit words, as the transports hand them over; bit 33 is bit 1 of word 1.

import { hasBit, withBit } from '../../kernel/base/bits.ts';
import { fail, ok, type Result } from '../../kernel/base/result.ts';
import { lookUp } from '../../kernel/base/table.ts';

/** Words of 32 bits, lowest first. */
export type FeatureSet = readonly number[];

/** Bits 0 to 63: all that VIRTIO 1.2 defines. */
export const FEATURE_WORD_COUNT = 2;

const WORD_BITS = 32;

// Bits that mean the same for every type of device. §6
export const FEATURE_INDIRECT_DESC = 28;
export const FEATURE_EVENT_IDX = 29;
export const FEATURE_VERSION_1 = 32;
export const FEATURE_ACCESS_PLATFORM = 33;
export const FEATURE_RING_PACKED = 34;
export const FEATURE_IN_ORDER = 35;
export const FEATURE_ORDER_PLATFORM = 36;
export const FEATURE_SR_IOV = 37;
export const FEATURE_NOTIFICATION_DATA = 38;
export const FEATURE_NOTIF_CONFIG_DATA = 39;
export const FEATURE_RING_RESET = 40;

/** bit, name in the specification without its prefix: bits of all types of device. §6 */
const COMMON_NAMES = `
28 INDIRECT_DESC
29 EVENT_IDX
32 VERSION_1
33 ACCESS_PLATFORM
34 RING_PACKED
35 IN_ORDER
36 ORDER_PLATFORM
37 SR_IOV
38 NOTIFICATION_DATA
39 NOTIF_CONFIG_DATA
40 RING_RESET
`;

/** type/bit, name: bits of one type of device. A new driver adds its rows. */
const TYPE_NAMES = `
2/1 SIZE_MAX
2/2 SEG_MAX
2/4 GEOMETRY
2/5 RO
2/6 BLK_SIZE
2/9 FLUSH
2/10 TOPOLOGY
2/11 CONFIG_WCE
2/12 MQ
2/13 DISCARD
2/14 WRITE_ZEROES
2/15 LIFETIME
2/16 SECURE_ERASE
`;

/** Returns the set that holds exactly `bits`. */
export const featureSet = (bits: readonly number[]): FeatureSet => {
  const words: number[] = [];
  for (let word = 0; word < FEATURE_WORD_COUNT; word++) words.push(0);
  for (const bit of bits) {
    const word = Math.floor(bit / WORD_BITS);
    words[word] = withBit(words[word], bit % WORD_BITS);
  }
  return words;
};

/** Returns whether `bit` is in `features`. */
export const hasFeature = (features: FeatureSet, bit: number): boolean =>
  hasBit(features[Math.floor(bit / WORD_BITS)], bit % WORD_BITS);

/** Returns the names of the bits in `features` as the specification has them, `bit 45` for one that has no name there. Ascending. */
export const featureNames = (features: FeatureSet, deviceType: number): string[] => {
  const names: string[] = [];
  for (let bit = 0; bit < features.length * WORD_BITS; bit++) {
    if (hasFeature(features, bit)) names.push(featureName(bit, deviceType));
  }
  return names;
};

/** Returns the name of one bit. */
export const featureName = (bit: number, deviceType: number): string =>
  lookUp(COMMON_NAMES, `${bit}`) ?? lookUp(TYPE_NAMES, `${deviceType}/${bit}`) ?? `bit ${bit}`;

/** Returns all of `required` and those of `optional` that are offered; fails with the bits of `required` that are not. */
export const negotiate = (
  offered: FeatureSet,
  required: readonly number[],
  optional: readonly number[],
): Result<FeatureSet, number[]> => {
  const chosen: number[] = [];
  const missing: number[] = [];
  for (const bit of required) {
    if (hasFeature(offered, bit)) chosen.push(bit);
    else missing.push(bit);
  }
  if (missing.length > 0) return fail(missing);
  for (const bit of optional) {
    if (hasFeature(offered, bit)) chosen.push(bit);
  }
  return ok(featureSet(chosen));
};
