import { lookUp } from '../../../../kernel/base/table.ts';
import { describe, expect, it } from '../../../../kernel/test/index.ts';

const TABLE = `
1 one
11 eleven
2/3 two thirds
`;

describe('a table', () => {
  it('gives the name behind a whole key', () => {
    expect(lookUp(TABLE, '1')).toBe('one');
    expect(lookUp(TABLE, '11')).toBe('eleven');
    expect(lookUp(TABLE, '2/3')).toBe('two thirds');
  });

  it('gives nothing for part of a key, for a name, and for what is not there', () => {
    for (const key of ['', '2', '3', 'one', '111', 'eleven']) expect(lookUp(TABLE, key)).toBeUndefined();
  });
});
