import { describe, expect, it } from 'vitest';
import { nameMissingObjects } from '../../../../scripts/patch/missing-objects.ts';

const switchOver = (read: string): string =>
  [
    'jsval p1_nameOf(jsval value) {',
    '\tswitch (porf_jv_type(value)) {',
    '\t\tcase 0: {',
    '\t\t\tporf_throw_new(39, 12u);',
    '\t\t}',
    '\t\tbreak;',
    '\t\tdefault:',
    '\t\t{',
    `\t\t\t${read}`,
    '\t\t}',
    '\t}',
    '}',
    'jsval p3_itemOf(jsval value, f64 i) {',
    '\treturn p2___Porffor_object_get(value, p9___ecma262_ToPropertyKey(porf_box_num(i)));',
    '}',
    '',
  ].join('\n');

describe('a property of undefined is named', () => {
  it.each(['object_get', 'object_get_ic'])('by the %s of the other cases', (read) =>
    expect(nameMissingObjects(switchOver(`_1 = p2___Porffor_${read}(value, porf_box(40u, 195), 1, 2);`))).toContain(
      'hedyn_throwNoObject(value, porf_box(40u, 195), 0);',
    ),
  );

  it('by no read of another function', () => {
    const c = switchOver('_1 = p4_elsewhere(value);');
    expect(nameMissingObjects(c)).toBe(c);
  });
});
