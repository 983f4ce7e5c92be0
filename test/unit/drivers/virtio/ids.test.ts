import { describe, expect, it } from 'vitest';
import {
  deviceType,
  isTransitionalId,
  TYPE_9P,
  TYPE_BALLOON,
  TYPE_BLOCK,
  TYPE_NET,
  TYPE_NONE,
  virtioDeviceType,
} from '../../../../drivers/virtio/ids.ts';
import { SimFunction } from '../../../sim/pci.ts';
import { machineWith } from '../../../sim/setup.ts';

const typeOf = (vendorId: number, deviceId: number): number =>
  virtioDeviceType(machineWith(new SimFunction({ vendorId, deviceId })).pciFunction);

describe('device ids', () => {
  it('of transitional devices have a table', () => {
    expect(deviceType(0x1000)).toBe(TYPE_NET);
    expect(deviceType(0x1002)).toBe(TYPE_BALLOON);
    expect(deviceType(0x1009)).toBe(TYPE_9P);
    expect(deviceType(0x1006)).toBe(TYPE_NONE);
    expect(deviceType(0x0fff)).toBe(TYPE_NONE);
  });

  it('of modern devices are the type plus 0x1040', () => {
    expect(deviceType(0x1040)).toBe(TYPE_NONE);
    expect(deviceType(0x1045)).toBe(TYPE_BALLOON);
    expect(deviceType(0x1049)).toBe(TYPE_9P);
    expect(deviceType(0x1058)).toBe(24);
    expect(deviceType(0x1059)).toBe(25);
    expect(deviceType(0x105b)).toBe(27);
    expect(deviceType(0x1060)).toBe(TYPE_NONE);
    expect(deviceType(0x104e)).toBe(TYPE_NONE);
    expect(deviceType(0xffff)).toBe(TYPE_NONE);
  });

  it('belong to a virtio device only when the vendor is virtio', () => {
    expect(typeOf(0x1af4, 0x1001)).toBe(TYPE_BLOCK);
    expect(typeOf(0x1234, 0x1001)).toBe(TYPE_NONE);
    expect(typeOf(0x1af4, 0x1040)).toBe(TYPE_NONE);
  });

  it('mean the same whatever the revision and the subsystem ids are', () => {
    for (const other of [0, 1, 0x40, 0xff]) {
      const pciFunction = new SimFunction({ vendorId: 0x1af4, deviceId: 0x1042 });
      pciFunction.config.setUint8(0x08, other);
      pciFunction.config.setUint32(0x2c, other * 0x10001, true);
      expect(virtioDeviceType(machineWith(pciFunction).pciFunction)).toBe(TYPE_BLOCK);
    }
  });

  it('of devices with a legacy interface are those below 0x1040', () => {
    expect([0x0fff, 0x1000, 0x103f, 0x1040].map(isTransitionalId)).toEqual([false, true, true, false]);
  });
});
