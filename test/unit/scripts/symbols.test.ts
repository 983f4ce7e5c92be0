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
    expect(displayName('p7__main')).toBe('main');
    expect(displayName('p9___Array_prototype_map')).toBe('Array.prototype.map');
    expect(displayName('p8___Function_prototype_call')).toBe('Function.prototype.call');
    expect(displayName('p4__23anonymous_1')).toBe('(anonymous)');
    expect(displayName('start.kernelMain')).toBe('start.kernelMain');
  });

  it('gives plumbing no name, so that a backtrace leaves it out', () => {
    for (const symbol of ['p0__23main', 'main', 'porf_call_dynamic', 'p5_glue_hal_exit', 'hed_stop', 'hedyn_uncaught'])
      expect(displayName(symbol), symbol).toBe('');
  });
});
