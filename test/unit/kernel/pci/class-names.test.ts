import { className, deviceName } from '../../../../kernel/pci/class-names.ts';
import { describe, expect, it } from '../../../../kernel/test/index.ts';

describe('names', () => {
  it('a class is named by class and subclass', () => {
    expect(className(0x06, 0x04)).toBe('pci-bridge');
    expect(className(0x42, 0x42)).toBe('unknown');
  });

  it('a device is named by vendor and device', () => {
    expect(deviceName(0x8086, 0x29c0)).toBe('q35-host-bridge');
    expect(deviceName(0x8086, 0xffff)).toBeUndefined();
  });
});
