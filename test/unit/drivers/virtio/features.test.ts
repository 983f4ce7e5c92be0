import { describe, expect, it } from 'vitest';
import {
  addFeature,
  clearFeatures,
  FEATURE_COUNT,
  Features,
  featureWord,
  hasFeature,
  removeFeature,
} from '../../../../drivers/virtio/features.ts';
import { begunDisk, setOf } from './transport/harness.ts';

const wordsOf = (features: Features): number[] => [0, 1, 2, 3].map((word) => featureWord(features, word));

describe('a set of features', () => {
  it('holds bits on both sides of each word border, and bit 31 is not negative', () => {
    const features = setOf([0, 31, 32, 63, 64, 95, 96, 127]);
    expect(wordsOf(features)).toEqual([0x80000001, 0x80000001, 0x80000001, 0x80000001]);
    expect([0, 31, 32, 63, 64, 127].every((bit) => hasFeature(features, bit))).toBe(true);
    expect([1, 30, 33, 62, 65, 126].some((bit) => hasFeature(features, bit))).toBe(false);
  });

  it('holds a bit that is put in twice once, and no more when it is taken out', () => {
    const features = setOf([5, 5]);
    expect(wordsOf(features)).toEqual([32, 0, 0, 0]);
    removeFeature(features, 5);
    removeFeature(features, 31);
    expect(wordsOf(features)).toEqual([0, 0, 0, 0]);
  });

  it('takes any bit in and out and leaves the others', () => {
    const features = new Features();
    for (let bit = 0; bit < FEATURE_COUNT; bit++) addFeature(features, bit);
    for (let bit = 0; bit < FEATURE_COUNT; bit++) {
      removeFeature(features, bit);
      expect(hasFeature(features, bit)).toBe(false);
      addFeature(features, bit);
    }
    expect(wordsOf(features)).toEqual([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]);
    clearFeatures(features);
    expect(wordsOf(features)).toEqual([0, 0, 0, 0]);
  });
});

describe('W23: feature bits above 63 can be reached', () => {
  it.each(['pci', 'mmio'] as const)('over %s, when a driver wants one of them', (transport) => {
    const { transport: opened, device, machine } = begunDisk({ transport, features: [9, 32, 69, 70, 96] }, [69, 100]);
    expect([69, 70, 96, 100].map((bit) => hasFeature(opened.accepted, bit))).toEqual([true, false, false, false]);
    expect(device.driverFeatures).toEqual([0, 1, 32, 0]);
    expect(machine.violations).toEqual([]);
  });

  it('words that nobody wants are neither read nor written, since old devices alias them', () => {
    const { device } = begunDisk({ transport: 'mmio', features: [9, 32], faults: { hasTwoWords: true } }, [9]);
    expect([...device.featureWordsRead].sort()).toEqual([0, 1]);
    expect(device.driverFeatures).toEqual([512, 1, 0, 0]);
  });

  it('a word 2 that is word 1 again, as in QEMU, is not taken for features of its own', () => {
    const { transport, device } = begunDisk(
      { transport: 'mmio', features: [9, 32, 33], faults: { hasTwoWords: true } },
      [64, 65],
    );
    expect([64, 65].map((bit) => hasFeature(transport.accepted, bit))).toEqual([false, false]);
    expect(device.driverFeatures).toEqual([0, 3, 0, 0]);
  });
});
