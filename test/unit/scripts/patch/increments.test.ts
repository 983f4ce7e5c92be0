import { describe, expect, it } from 'vitest';
import { mendIncrements } from '../../../../scripts/patch/increments.ts';

describe('++ and -- of what is undefined', () => {
  it('counts from NaN', () => {
    expect(mendIncrements('\tn = porf_box_num((n.val) + 1.0);\n')).toBe('\tn = porf_box_num(hedyn_number(n) + 1.0);\n');
  });

  it('returns NaN before it counts', () => {
    expect(mendIncrements('\t_1 = n;\n\tn = porf_box_num((_1.val) - 1.0);\n')).toBe(
      '\t_1 = porf_jv_type(n) == 0 ? porf_box_num(NAN) : n;\n\tn = porf_box_num((_1.val) - 1.0);\n',
    );
  });

  it('leaves sums alone', () => {
    const c = '\tm = porf_box_num((n.val) + 1.0);\n\tn = porf_box_num((n.val) + 2.0);\n';
    expect(mendIncrements(c)).toBe(c);
  });
});
