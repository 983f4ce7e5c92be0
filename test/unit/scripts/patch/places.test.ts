import { describe, expect, it } from 'vitest';
import { holdPlaces } from '../../../../scripts/patch/places.ts';

describe('places of C lines', () => {
  it('are those of the statement, for each of its lines and for both ends of the function, and none behind it', () => {
    const c = ['void f(void) {', '  int z;', '#line 19 "a.ts"', 'x = 1;', 'y = 2;', '}', '', 'void g(void) {', '}'];
    expect(holdPlaces(c.join('\n')).split('\n')).toEqual([
      '#line 19 "a.ts"',
      'void f(void) {',
      '#line 19 "a.ts"',
      '  int z;',
      '#line 19 "a.ts"',
      'x = 1;',
      '#line 19 "a.ts"',
      'y = 2;',
      '#line 19 "a.ts"',
      '}',
      '#line 1000000 "porffor.c"',
      '',
      'void g(void) {',
      '}',
    ]);
  });

  it('leave a text without places as it is', () => {
    expect(holdPlaces('int a;\n{\n}\n')).toBe('int a;\n{\n}\n');
  });
});
