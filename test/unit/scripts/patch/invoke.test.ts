import { describe, expect, it } from 'vitest';
import { splitInvoke } from '../../../../scripts/patch/invoke.ts';

const HEAD = `static jsval porf_invoke(u32 idx, jsval callee, u32 env, jsval thisv, jsval newtv, i32 argc, jsbits* argv) {
  (void)callee; (void)env;
  switch (idx) {
`;
const END = `  }
  porf_unreachable("uncompiled function");
  return JV_UNDEFINED;
}
`;
const cases = (indices: readonly number[]): string =>
  indices.map((index) => `    case ${index}: return p${index}_f(thisv);\n`).join('');

describe('the call of a function by its number', () => {
  const split = splitInvoke(`before();\n${HEAD}${cases([1, 63, 64, 200])}${END}after();\n`);

  it('is a switch over parts, and one in each part', () => {
    expect(split.match(/^static jsval \w+/gm)).toEqual([
      'static jsval hedyn_invoke_0',
      'static jsval hedyn_invoke_1',
      'static jsval hedyn_invoke_3',
      'static jsval porf_invoke',
    ]);
    expect(split).toContain('  switch (idx / 64u) {\n    case 0: return hedyn_invoke_0(idx, callee,');
    expect(split).toContain(
      '  switch (idx) {\n    case 1: return p1_f(thisv);\n    case 63: return p63_f(thisv);\n  }',
    );
  });

  it('leaves what stands around it, and every part ends as the whole did', () => {
    expect(split.startsWith('before();\n')).toBe(true);
    expect(split.endsWith('after();\n')).toBe(true);
    expect(split.match(/porf_unreachable/g)).toHaveLength(4);
  });

  it('stays as it is in a program without a function that is a value', () => {
    expect(splitInvoke(`${HEAD}${END}`)).toBe(`${HEAD}${END}`);
  });

  it('is not split where it has another shape', () => {
    expect(() => splitInvoke('int main(void) {}\n')).toThrow("Porffor's C has changed");
  });
});
