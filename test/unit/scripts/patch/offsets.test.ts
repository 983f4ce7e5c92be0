import { describe, expect, it } from 'vitest';
import { readOffsets } from '../../../../scripts/patch/offsets.ts';

const HEAD = 'typedef double f64;\n';

describe('heap offsets', () => {
  it('are read back by one conversion', () => {
    const c = readOffsets(`${HEAD}x = *(u32*)(MEM + (u32)_2361.val);\n`);
    expect(c).toContain('x = *(u32*)(MEM + porf_offset(_2361.val));');
  });

  it('are told from casts of other numbers', () => {
    expect(readOffsets(`${HEAD}x = (u32)length; y = (f64)(u32)z.value;`)).toContain(
      'x = (u32)length; y = (f64)(u32)z.value;',
    );
  });

  it('stop the build when the head of the file is another', () => {
    expect(() => readOffsets('x = (u32)a.val;')).toThrow(/has changed/);
  });
});
