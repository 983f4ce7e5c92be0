import { describe, expect, it } from 'vitest';
import { makeFunctionsStatic } from '../../../../scripts/patch/local.ts';

describe('functions that the program alone calls', () => {
  it('are static where they are declared, and only those', () => {
    const c =
      'jsval p1_add(jsval, jsval);\nvoid p0__23main(void);\njsval porf_get(jsval);\njsval p1_add(jsval a, jsval b) {\n}\n';
    expect(makeFunctionsStatic(c).split('\n')).toEqual([
      'static jsval p1_add(jsval, jsval);',
      'static void p0__23main(void);',
      'jsval porf_get(jsval);',
      'jsval p1_add(jsval a, jsval b) {',
      '}',
      '',
    ]);
  });

  it('stop the build when none is found', () =>
    expect(() => makeFunctionsStatic('int main(void);\n')).toThrow(/prototype/));

  it('stop the build when one of them is declared in another way', () => {
    const c =
      'jsval p1_add(jsval, jsval);\nPORF_COLD u64 p2_wide(jsval);\njsval p1_add(jsval a, jsval b) {\n}\nu64 p2_wide(jsval a) {\n}\n';
    expect(() => makeFunctionsStatic(c)).toThrow(/p2_wide/);
  });
});
