import { describe, expect, it } from 'vitest';
import { describePciFault, formatAddress, formatBar } from '../../../../kernel/pci/describe.ts';
import * as faults from '../../../../kernel/pci/fault.ts';
import { BAR_KIND_MEMORY64, Bar, PciFault } from '../../../../kernel/pci/function.ts';

describe('PCI in words', () => {
  it('an address is written as Linux and QEMU write it', () => {
    expect(formatAddress(0x0010)).toBe('0000:00:02.0');
    expect(formatAddress(0xffff)).toBe('0000:ff:1f.7');
  });

  it('a BAR is printed in one form', () => {
    const bar = Object.assign(new Bar(), {
      kind: BAR_KIND_MEMORY64,
      isPrefetchable: true,
      address: 0xfe000000,
      size: 0x4000,
    });
    expect(formatBar(bar, 4)).toBe('bar4 memory64 prefetchable 0xfe000000 16 KiB');
  });

  it('every fault has a sentence of its own, with its numbers in it', () => {
    const codes = Object.entries(faults).filter(([name]) => name.startsWith('FAULT_') && name !== 'FAULT_NONE');
    const sentences = codes.map(([, code]) =>
      describePciFault(Object.assign(new PciFault(), { code, first: 2, second: 0xabcd, third: 0x9876 })),
    );
    expect(new Set(sentences).size).toBe(codes.length);
    for (const sentence of sentences) expect(sentence).toMatch(/\bD?(0x0*)?2\b|prefetchable|alone/);
    expect(sentences).not.toContain('no fault');
  });
});
