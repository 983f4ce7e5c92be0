import { describe, expect, it } from 'vitest';
import { keepIntegers } from '../../../../scripts/patch/integers.ts';

const HEAD = 'static inline u32 porf_f64_to_u32(f64 d) {\n';

describe('integers of built-in functions', () => {
  it('are taken as they are, whatever their expression', () => {
    const c = keepIntegers(
      `${HEAD}a = porf_f64_to_i32((f64)(*(i32*)(MEM + porf_offset(b.val))));\nc = porf_f64_to_i32((f64)porf_offset(d.val));\n`,
    );
    expect(c).toContain('a = HEDYN_I32((*(i32*)(MEM + porf_offset(b.val))));\nc = HEDYN_I32(porf_offset(d.val));\n');
  });

  it('count up as integers', () => {
    expect(keepIntegers(`${HEAD}i = porf_f64_to_i32((f64)_2321 + 1.0);`)).toContain('i = HEDYN_NEXT_I32(_2321);');
  });

  it('are told from sums of doubles', () => {
    const sums = 'a = porf_f64_to_i32((f64)b * 2.0); c = porf_f64_to_i32((f64)d + e); f = porf_f64_to_i32((g.val));';
    expect(keepIntegers(`${HEAD}${sums}`)).toContain(sums);
  });

  it('stop the build when the head of the file is another', () => {
    expect(() => keepIntegers('x = porf_f64_to_i32((f64)y);')).toThrow(/has changed/);
  });
});
