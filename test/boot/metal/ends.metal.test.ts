import { beforeAll, describe, expect, it } from 'hedyn/test';
import { assert } from '../../../kernel/base/assert.ts';

describe('a machine that ends', () => {
  let boots = 0;
  beforeAll(() => {
    boots++;
  });

  it('fails the test that ended it', () => {
    assert(boots > 1, 'two is more than one');
  });

  it('has the next test find what beforeAll did', () => {
    expect(boots).toBe(1);
  });

  it('is ended when it takes too long', () => {
    for (let i = 0; i >= 0; i = (i + 1) % 1000);
  }, 500);

  it('goes on', () => {
    expect(1 + 1).toBe(2);
  });
});
