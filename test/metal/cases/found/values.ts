// Found by `make fuzz`: expressions and what holds values.
import { test } from '../../test.ts';

interface Item {
  id: number;
}

test('exponentiation: of a member of what is cast', () => {
  console.log(({ id: 3 } as Item).id ** 2, 2 ** ({ id: 5 } as Item).id);
});

test('new Uint8Array: an element becomes a value that takes long to compute', () => {
  const bytes = new Uint8Array(4);
  let calls = 0;
  const next = (): number => {
    calls += 1;
    return calls;
  };
  bytes[3] =
    [next(), next(), next()].map((n) => n * 100).reduce((a, b) => a + b, next()) +
    new Map([
      ['a', next()],
      ['b', next()],
    ]).size +
    `${next()}${next()}${next()}`.split('').length +
    Uint32Array.of(next(), next(), next()).length +
    [...new Set([next(), next()])].length +
    Object.keys({ a: next(), b: next(), c: next() }).length;
  bytes[1] |= Uint32Array.of(next(), next()).map((n) => n * 3)[1] ?? 0;
  console.log(bytes, calls);
});
