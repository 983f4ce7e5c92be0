import { describe, expect, it } from 'vitest';
import { displayName, sleb, uleb } from '../../../scripts/symbols.ts';

describe('the symbol table', () => {
  it('writes small numbers in one byte and large ones in groups of seven bits', () => {
    expect(uleb(0)).toEqual([0]);
    expect(uleb(127)).toEqual([0x7f]);
    expect(uleb(128)).toEqual([0x80, 0x01]);
    expect(uleb(624485)).toEqual([0xe5, 0x8e, 0x26]);
  });

  it('writes negative numbers with their sign', () => {
    expect(sleb(0)).toEqual([0]);
    expect(sleb(-1)).toEqual([0x7f]);
    expect(sleb(63)).toEqual([63]);
    expect(sleb(64)).toEqual([0xc0, 0x00]);
    expect(sleb(-123456)).toEqual([0xc0, 0xbb, 0x78]);
  });

  it('shows functions under the names of their sources', () => {
    expect(displayName('p12_readDisk')).toBe('readDisk');
    expect(displayName('p3__24main_241')).toBe('main');
    expect(displayName('m_drivers_blk_request__submit')).toBe('submit');
    expect(displayName('start.kernelMain')).toBe('start.kernelMain');
  });
});
