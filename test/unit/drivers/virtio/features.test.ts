import { describe, expect, it } from 'vitest';
import { featureNames, featureSet, hasFeature, negotiate } from '../../../../drivers/virtio/features.ts';
import { TYPE_BLOCK, TYPE_NET } from '../../../../drivers/virtio/ids.ts';
import { expectError, expectValue } from '../../../sim/setup.ts';

describe('feature sets', () => {
  it('hold bits on both sides of the word border, and bit 31 is not negative', () => {
    const features = featureSet([0, 31, 32, 63]);
    expect(features).toEqual([0x80000001, 0x80000001]);
    expect([0, 31, 32, 63].every((bit) => hasFeature(features, bit))).toBe(true);
    expect([1, 30, 33, 62].some((bit) => hasFeature(features, bit))).toBe(false);
  });

  it('a bit given twice is in it once', () => expect(featureSet([5, 5])).toEqual([32, 0]));

  it('a bit has the name that it has for the type of device', () => {
    const features = featureSet([5, 9, 32, 45]);
    expect(featureNames(features, TYPE_BLOCK)).toEqual(['RO', 'FLUSH', 'VERSION_1', 'bit 45']);
    expect(featureNames(features, TYPE_NET)).toEqual(['bit 5', 'bit 9', 'VERSION_1', 'bit 45']);
  });
});

describe('negotiation', () => {
  it('takes what is required and those of the optional that are offered', () => {
    expect(expectValue(negotiate(featureSet([5, 9, 28, 32]), [32], [5, 6]))).toEqual(featureSet([5, 32]));
  });

  it('fails with everything required that is not offered', () => {
    expect(expectError(negotiate(featureSet([5]), [32, 33], []))).toEqual([32, 33]);
  });
});
