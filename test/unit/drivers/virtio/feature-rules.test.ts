import { describe, expect, it } from 'vitest';
import { dropUnsatisfied, isSatisfied } from '../../../../drivers/virtio/feature-rules.ts';
import { FEATURE_COUNT, type Features, hasFeature } from '../../../../drivers/virtio/features.ts';
import { TYPE_BLOCK, TYPE_CRYPTO, TYPE_NET } from '../../../../drivers/virtio/ids.ts';
import { setOf } from './transport/harness.ts';

const bitsOf = (features: Features): number[] =>
  Array.from({ length: FEATURE_COUNT }, (_, bit) => bit).filter((bit) => hasFeature(features, bit));

const keptOf = (type: number, bits: readonly number[]): number[] => {
  const features = setOf(bits);
  dropUnsatisfied(features, type);
  return bitsOf(features);
};

describe('a feature that requires another', () => {
  it.each<[string, number[], number[]]>([
    ['GUEST_TSO4 requires GUEST_CSUM', [7], [1, 7]],
    ['GUEST_USO6 requires GUEST_CSUM', [55, 0], [1, 55]],
    ['GUEST_ECN requires one of two', [9, 1], [1, 8, 9]],
    ['HOST_TSO6 requires CSUM', [12, 1], [0, 12]],
    ['HOST_ECN requires one of two', [0, 13], [0, 11, 13]],
    ['RSC_EXT requires one of two', [0, 61], [0, 12, 61]],
    ['MQ requires CTRL_VQ', [22], [17, 22]],
    ['RSS requires CTRL_VQ', [60], [17, 60]],
    ['HASH_TUNNEL requires CTRL_VQ and one of two', [17, 51], [17, 51, 57]],
    ['HASH_TUNNEL does not do without CTRL_VQ', [51, 57], [17, 51, 60]],
    ['RSS_CONTEXT requires RSS', [17, 64], [17, 60, 64]],
    ['GUEST_UDP_TUNNEL_GSO requires all four', [1, 7, 8, 54, 65], [1, 7, 8, 54, 55, 65]],
    ['GUEST_UDP_TUNNEL_GSO_CSUM requires it', [1, 66], [1, 7, 8, 54, 55, 65, 66]],
    ['HOST_UDP_TUNNEL_GSO_CSUM requires HOST_UDP_TUNNEL_GSO', [0, 11, 12, 56, 68], [0, 11, 12, 56, 67, 68]],
  ])('of a network device: %s', (_, without, complete) => {
    expect(keptOf(TYPE_NET, without)).not.toEqual(without.sort((left, right) => left - right));
    expect(keptOf(TYPE_NET, complete)).toEqual(complete);
  });

  it('falls with what it requires, also over several steps', () => {
    expect(keptOf(TYPE_NET, [5, 7, 8, 9, 54, 55, 65, 66])).toEqual([5]);
  });

  it('of a crypto device requires the revision', () => {
    expect(keptOf(TYPE_CRYPTO, [1, 5, 32])).toEqual([32]);
    expect(keptOf(TYPE_CRYPTO, [0, 1, 5, 32])).toEqual([0, 1, 5, 32]);
  });

  it('of another device is none of these: the same bits mean other things there', () => {
    expect(keptOf(TYPE_BLOCK, [7, 9, 22])).toEqual([7, 9, 22]);
  });

  it('one pass is enough, for whatever a device offers', () => {
    let state = 12345; // A linear congruential generator, so that every run sees the same sets.
    for (let round = 0; round < 2000; round++) {
      const bits: number[] = [];
      for (let bit = 0; bit < 72; bit++) {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        if (state >>> 30 !== 0) bits.push(bit);
      }
      const features = setOf(bits);
      dropUnsatisfied(features, TYPE_NET);
      expect(bitsOf(features).every((bit) => isSatisfied(features, TYPE_NET, bit))).toBe(true);
    }
  });
});
