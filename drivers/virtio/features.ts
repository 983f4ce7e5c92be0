// Feature bits: sets of them, their names, and what both sides can agree on. VIRTIO 1.2 §2.2 and §6.
//
// A set is an array of 32-bit words, as the transports hand them over; bit 33 is bit 1 of word 1.

import { fail, ok, type Result } from '../../kernel/base/result.ts';
import { TYPE_BLOCK } from './ids.ts';

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

/** The type that stands for all in the table below. */
const ANY_TYPE = 0;

/** device type, bit, name in the specification without its prefix. A new driver adds its rows. */
const FEATURE_NAMES: readonly (readonly [number, number, string])[] = [
  [ANY_TYPE, FEATURE_INDIRECT_DESC, 'INDIRECT_DESC'],
  [ANY_TYPE, FEATURE_EVENT_IDX, 'EVENT_IDX'],
  [ANY_TYPE, FEATURE_VERSION_1, 'VERSION_1'],
  [ANY_TYPE, FEATURE_ACCESS_PLATFORM, 'ACCESS_PLATFORM'],
  [ANY_TYPE, FEATURE_RING_PACKED, 'RING_PACKED'],
  [ANY_TYPE, FEATURE_IN_ORDER, 'IN_ORDER'],
  [ANY_TYPE, FEATURE_ORDER_PLATFORM, 'ORDER_PLATFORM'],
  [ANY_TYPE, FEATURE_SR_IOV, 'SR_IOV'],
  [ANY_TYPE, FEATURE_NOTIFICATION_DATA, 'NOTIFICATION_DATA'],
  [ANY_TYPE, FEATURE_NOTIF_CONFIG_DATA, 'NOTIF_CONFIG_DATA'],
  [ANY_TYPE, FEATURE_RING_RESET, 'RING_RESET'],
  // §5.2.3
  [TYPE_BLOCK, 1, 'SIZE_MAX'],
  [TYPE_BLOCK, 2, 'SEG_MAX'],
  [TYPE_BLOCK, 4, 'GEOMETRY'],
  [TYPE_BLOCK, 5, 'RO'],
  [TYPE_BLOCK, 6, 'BLK_SIZE'],
  [TYPE_BLOCK, 9, 'FLUSH'],
  [TYPE_BLOCK, 10, 'TOPOLOGY'],
  [TYPE_BLOCK, 11, 'CONFIG_WCE'],
  [TYPE_BLOCK, 12, 'MQ'],
  [TYPE_BLOCK, 13, 'DISCARD'],
  [TYPE_BLOCK, 14, 'WRITE_ZEROES'],
  [TYPE_BLOCK, 15, 'LIFETIME'],
  [TYPE_BLOCK, 16, 'SECURE_ERASE'],
];

/** Returns the set that holds exactly `bits`. */
export const featureSet = (bits: readonly number[]): FeatureSet => {
  const words: number[] = [];
  for (let word = 0; word < FEATURE_WORD_COUNT; word++) words.push(0);
  for (const bit of bits) {
    if (!hasFeature(words, bit)) words[Math.floor(bit / WORD_BITS)] += 2 ** (bit % WORD_BITS);
  }
  return words;
};

/** Returns whether `bit` is in `features`. */
export const hasFeature = (features: FeatureSet, bit: number): boolean =>
  Math.floor(features[Math.floor(bit / WORD_BITS)] / 2 ** (bit % WORD_BITS)) % 2 === 1;

/** Returns the names of the bits in `features` as the specification has them, `bit 45` for one that has no name there. Ascending. */
export const featureNames = (features: FeatureSet, deviceType: number): string[] => {
  const names: string[] = [];
  for (let bit = 0; bit < features.length * WORD_BITS; bit++) {
    if (hasFeature(features, bit)) names.push(featureName(bit, deviceType));
  }
  return names;
};

/** Returns the name of one bit. */
export const featureName = (bit: number, deviceType: number): string => {
  for (const [type, known, name] of FEATURE_NAMES) {
    if (known === bit && (type === deviceType || type === ANY_TYPE)) return name;
  }
  return `bit ${bit}`;
};

/** Returns all of `required` and those of `optional` that are offered; fails with the bits of `required` that are not. */
export const negotiate = (
  offered: FeatureSet,
  required: readonly number[],
  optional: readonly number[],
): Result<FeatureSet, number[]> => {
  const missing = required.filter((bit) => !hasFeature(offered, bit));
  if (missing.length > 0) return fail(missing);
  return ok(featureSet(required.concat(optional.filter((bit) => hasFeature(offered, bit)))));
};
