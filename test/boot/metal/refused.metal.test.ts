import { expect, it } from 'hedyn/test';

it('is not built', () => {
  expect(2n ** 64n).toBe(1);
});
