import { describe, expect, it } from 'vitest';
import { passRest } from '../../../../scripts/patch/rest-arguments.ts';

const TO_NUMBER = 'jsval p9___ecma262_ToNumber(jsval argument) {\n';

/** Lines of one block as Porffor prints them, with the helper for one element. */
const patched = (...lines: string[]): string[] =>
  passRest(TO_NUMBER + lines.map((line) => `\t${line}\n`).join(''))
    .text.split('\n')
    .slice(1, -1)
    .map((line) => line.trim())
    .filter((line) => line !== '');

const list = (...elements: string[]): string[] => [
  `a = hedyn_array(${16 + 8 * elements.length}u, ${elements.length});`,
  ...elements.map((element, index) => `porf_arr_set(a, ${index}u, ${element});`),
  `*(i32*)(MEM + a) = ${elements.length};`,
  'porf_gc_barrier(a, 72);',
];

describe('arguments of a built-in that takes any number', () => {
  it('are passed as they are, one by one', () => {
    expect(patched('a = hedyn_arrayOf(x);', '_1 = p4___Array_prototype_push(list, porf_box(a, 72));')).toEqual([
      'const jsval hedyn_rest0_0 = x;',
      '_1 = hedyn_push(list, hedyn_rest0_0);',
    ]);
    expect(patched(...list('x', 'y', 'z'), 'return porf_box_num((p5___Math_min(porf_box(a, 72)).val) + 1.0);')).toEqual(
      [
        'const jsval hedyn_rest0_0 = x;',
        'const jsval hedyn_rest0_1 = y;',
        'const jsval hedyn_rest0_2 = z;',
        'return porf_box_num((hedyn_min(hedyn_min(hedyn_rest0_0, hedyn_rest0_1), hedyn_rest0_2).val) + 1.0);',
      ],
    );
  });

  it.each([
    ['for another function', [...list('x', 'y'), 'f(porf_box(a, 72));']],
    ['for two calls', [...list('x', 'y'), 'f(p5___Math_min(porf_box(a, 72)), p5___Math_min(porf_box(a, 72)));']],
    ['where elements of another array are among them', [...list('x'), 'f(a);', 'g(p5___Math_max(porf_box(a, 72)));']],
    ['where there is but one number', ['a = hedyn_arrayOf(x);', 'f(p5___Math_max(porf_box(a, 72)));']],
    ['where the block ends before', [...list('x', 'y'), '}', 'f(p5___Math_min(porf_box(a, 72)));'].map(shallow)],
  ])('stay an array %s', (_, lines) => expect(patched(...lines)).toEqual(lines.map((line) => line.trim())));
});

/** The block's own lines stand one deeper than its end. */
function shallow(line: string, index: number): string {
  return index < 5 ? `\t${line}` : line;
}
