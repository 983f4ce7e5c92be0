'use machine';
// Feature bits: sets of 128, and the bits that mean the same for every type of device. VIRTIO 1.2 §2.2 and §6.
//
// A set is four words of 32 bits, lowest first, as the transports hand them over: bit 33 is bit 1 of word 1. Bits 64 and up came with
// VIRTIO 1.4. What depends on what is in feature-rules.ts, the names are in names.ts.

import { hasBit, withBit } from '../../kernel/base/bits.ts';
import { type bool, type FixedArray, fixedArray, type u32 } from '../../kernel/base/machine.ts';

/** Words of a set. */
export const FEATURE_WORD_COUNT: u32 = 4;

/** Words that every modern device has; the two above them hold what VIRTIO 1.4 added. */
export const FEATURE_WORD_COUNT_COMMON: u32 = 2;

/** Bits of a word, and of a set. */
export const FEATURE_WORD_BITS: u32 = 32;
export const FEATURE_COUNT: u32 = 128;

// Bits that mean the same for every type of device. §6
export const FEATURE_NOTIFY_ON_EMPTY: u32 = 24; // legacy only, §6.3
export const FEATURE_ANY_LAYOUT: u32 = 27; // legacy only, §6.3
export const FEATURE_INDIRECT_DESC: u32 = 28;
export const FEATURE_EVENT_IDX: u32 = 29;
export const FEATURE_VERSION_1: u32 = 32;
export const FEATURE_ACCESS_PLATFORM: u32 = 33;
export const FEATURE_RING_PACKED: u32 = 34;
export const FEATURE_IN_ORDER: u32 = 35;
export const FEATURE_ORDER_PLATFORM: u32 = 36;
export const FEATURE_SR_IOV: u32 = 37;
export const FEATURE_NOTIFICATION_DATA: u32 = 38;
export const FEATURE_NOTIF_CONFIG_DATA: u32 = 39;
export const FEATURE_RING_RESET: u32 = 40;
export const FEATURE_ADMIN_VQ: u32 = 41; // VIRTIO 1.3
export const FEATURE_SUSPEND: u32 = 43; // VIRTIO 1.4

/** A set of feature bits. A new one is empty. */
export class Features {
  words: FixedArray<u32, 4> = fixedArray(4, 0);
}

/** Returns whether `bit` is in the set. */
export const hasFeature = (features: Features, bit: u32): bool =>
  hasBit(features.words[bit >>> 5], bit & (FEATURE_WORD_BITS - 1));

/** Puts `bit` into the set. */
export const addFeature = (features: Features, bit: u32): void => {
  features.words[bit >>> 5] = withBit(features.words[bit >>> 5], bit & (FEATURE_WORD_BITS - 1));
};

/** Takes `bit` out of the set. */
export const removeFeature = (features: Features, bit: u32): void => {
  features.words[bit >>> 5] = (features.words[bit >>> 5] & ~(1 << (bit & (FEATURE_WORD_BITS - 1)))) >>> 0;
};

/** Makes the set empty. */
export const clearFeatures = (features: Features): void => {
  for (let word: u32 = 0; word < FEATURE_WORD_COUNT; word++) features.words[word] = 0;
};

/** Returns word `word` of the set. */
export const featureWord = (features: Features, word: u32): u32 => features.words[word];
