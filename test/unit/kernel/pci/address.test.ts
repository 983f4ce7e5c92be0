import { describe, expect, it } from 'vitest';
import { busOf, formatAddress, pciAddress } from '../../../../kernel/pci/address.ts';

describe('a PCI address', () => {
  it('is written as Linux and QEMU write it', () => {
    expect(formatAddress(pciAddress(0, 2, 0))).toBe('0000:00:02.0');
    expect(formatAddress(pciAddress(255, 31, 7))).toBe('0000:ff:1f.7');
  });

  it('knows its bus', () => expect(busOf(pciAddress(17, 31, 7))).toBe(17));
});
