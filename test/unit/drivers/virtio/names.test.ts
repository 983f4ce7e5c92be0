import { describe, expect, it } from 'vitest';
import { TYPE_BLOCK, TYPE_NET } from '../../../../drivers/virtio/ids.ts';
import { featureName, featureNames, formatStatus, typeName } from '../../../../drivers/virtio/names.ts';
import { setOf } from './transport/harness.ts';

describe('names', () => {
  it('of a bit are those that it has for the type of device', () => {
    const features = setOf([5, 9, 32, 45, 70]);
    expect(featureNames(features, TYPE_BLOCK)).toEqual(['RO', 'FLUSH', 'VERSION_1', 'bit 45', 'bit 70']);
    expect(featureNames(features, TYPE_NET)).toEqual(['MAC', 'GUEST_ECN', 'VERSION_1', 'bit 45', 'IPSEC']);
  });

  it.each([
    [16, 1, 'EDID'],
    [3, 1, 'MULTIPORT'],
    [5, 5, 'PAGE_REPORTING'],
    [8, 3, 'T10_PI'],
    [19, 1, 'SEQPACKET'],
    [25, 0, 'CTLS'],
    [9, 0, 'MOUNT_TAG'],
    [20, 5, 'AKCIPHER_STATELESS_MODE'],
    [23, 6, 'BYPASS_CONFIG'],
    [24, 2, 'PERSISTENT_SUSPEND'],
    [27, 0, 'SHMEM_REGION'],
    [26, 0, 'NOTIFICATION'],
    [17, 0, 'ALARM'],
    [2, 17, 'ZONED'],
    [99, 40, 'RING_RESET'],
    [99, 43, 'SUSPEND'],
  ])('type %i, bit %i is %s', (type, bit, name) => expect(featureName(bit, type)).toBe(name));

  it('of status bits stand behind their number', () => {
    expect([0, 1, 0x0b, 0xa0].map(formatStatus)).toEqual([
      '0x00',
      '0x01 (ACKNOWLEDGE)',
      '0x0b (ACKNOWLEDGE DRIVER FEATURES_OK)',
      '0xa0 (0x20 FAILED)',
    ]);
  });

  it('of types are there for all that the specification numbers, and for what it does not', () => {
    expect(typeName(TYPE_BLOCK)).toBe('virtio-blk');
    expect(typeName(32)).toBe('virtio-scmi');
    expect(typeName(49)).toBe('virtio-usb');
    expect(typeName(61)).toBe('virtio-61');
  });
});
