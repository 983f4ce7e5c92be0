// Loops of all kinds: heads, jumps, labels, and what closures see of their variables.
import { test } from '../../test.ts';

const out: unknown[] = [];
const said = (): string => out.splice(0).join(' ');

class Loop1 {
  a = 1;
  b = 2;
  method(): void {}
  get accessor(): number {
    return 1;
  }
}

test('for: all three parts', () => {
  for (let i = 0; i < 3; i++) out.push(i);
  console.log(said());
});
test('for: without one part or all', () => {
  let i = 0;
  for (; i < 2; i++) out.push(i);
  for (; i < 4; ) out.push(i++);
  for (;;) if (++i > 5) break;
  for (let j = 0; ; j++)
    if (j === 3) {
      out.push(`j${j}`);
      break;
    }
  console.log(said(), i);
});
test('for: the condition is asked first', () => {
  for (let i = 5; i < 3; i++) out.push(i);
  console.log(said() === '');
});
test('for: several variables', () => {
  for (let i = 0, j = 5, k = ''; i < j; i++, j--, k += '.') out.push(`${i}${j}${k}`);
  console.log(said());
});
test('for: an outer variable keeps its last value', () => {
  let i: number;
  for (i = 0; i < 5; i++);
  console.log(i);
});
test('for: fractional and negative steps', () => {
  for (let x = 0; x <= 1; x += 0.25) out.push(x);
  for (let x = 3; x > 0; x -= 2) out.push(x);
  console.log(said());
});
test('for: continue goes to the step', () => {
  for (let i = 0; i < 6; i++) {
    if (i % 2) continue;
    out.push(i);
  }
  console.log(said());
});
test('for: const in the head', () => {
  let n = 0;
  for (const limit = 3; n < limit; n++) out.push(n, limit);
  console.log(said());
});
test('for: closures of each round have a variable of their own', () => {
  const later: (() => number)[] = [];
  for (let i = 0; i < 3; i++) later.push(() => i);
  console.log(later.map((f) => f()));
});
test('for: closures of a body variable', () => {
  const later: (() => string)[] = [];
  for (let i = 0; i < 3; i++) {
    const square = i * i;
    let text = `${i}`;
    text += `:${square}`;
    later.push(() => text);
  }
  console.log(later.map((f) => f()));
});
test('for: an inner variable hides the outer one', () => {
  const i = 'outer';
  for (let i = 0; i < 2; i++) {
    out.push(i);
    {
      const i = 'inner';
      out.push(i);
    }
  }
  console.log(said(), i);
});
test('while: asks before each round', () => {
  let n = 3;
  while (n-- > 0) out.push(n);
  while (n > 0) out.push('never');
  console.log(said(), n);
});
test('while: with an assignment in the condition', () => {
  const lines = ['a', 'b', ''];
  let line: string | undefined;
  while ((line = lines.shift())) out.push(line);
  console.log(said(), lines.length);
});
test('while: closures of the body', () => {
  const later: (() => number)[] = [];
  let n = 0;
  while (n < 3) {
    const copy = n++;
    later.push(() => copy);
  }
  console.log(
    later.map((f) => f()),
    n,
  );
});
test('do…while: runs once at least', () => {
  let n = 10;
  do out.push(n++);
  while (n < 10);
  do {
    if (n > 12) break;
    out.push(n);
  } while (n++ < 20);
  console.log(said());
});
test('do…while: continue goes to the condition', () => {
  let n = 0;
  let asked = 0;
  do {
    if (n % 2 === 0) continue;
    out.push(n);
  } while ((asked++, ++n < 5));
  console.log(said(), asked);
});
test('for…of: arrays, strings, maps and sets', () => {
  for (const x of [1, 2]) out.push(x);
  for (const c of 'a😀') out.push(c);
  for (const [k, v] of new Map([['k', 1]])) out.push(k, v);
  for (const v of new Set([3, 3, 4])) out.push(v);
  console.log(said());
});
test('for…of: let may be changed in the body', () => {
  for (let x of [1, 2, 3]) {
    x *= 10;
    out.push(x);
  }
  console.log(said());
});
test('for…of: over an outer variable, a member and an element', () => {
  let x = 0;
  const o = { n: 0, list: [0] };
  for (x of [1, 2]);
  for (o.n of [3, 4]);
  for (o.list[0] of [5, 6]);
  console.log(x, o);
});
test('for…of: an array that grows and shrinks', () => {
  const list = [1, 2, 3];
  for (const x of list) {
    out.push(x);
    if (x < 3 && list.length < 6) list.push(x + 10);
    if (x === 3) list.pop();
  }
  console.log(said(), list);
});
test('for…of: break closes the iterator, the end does not', () => {
  const make = (): Iterable<number> => ({
    [Symbol.iterator]: () => {
      let i = 0;
      return {
        next: () => ({ done: i >= 3, value: i++ }),
        return: () => {
          out.push('closed');
          return { done: true, value: undefined };
        },
      };
    },
  });
  for (const x of make()) {
    out.push(x);
    if (x === 1) break;
  }
  console.log(said());
  for (const x of make()) out.push(x);
  console.log(said());
});
test('for…of: return, throw and outer continue close the iterator', () => {
  function* count(): Generator<number> {
    try {
      yield 1;
      yield 2;
    } finally {
      out.push('closed');
    }
  }
  const f = (): number => {
    for (const x of count()) return x;
    return 0;
  };
  out.push(f());
  try {
    for (const x of count()) throw new Error(`at ${x}`);
  } catch (error) {
    out.push((error as Error).message);
  }
  outer: for (const y of ['a', 'b'])
    for (const x of count()) {
      out.push(y + x);
      continue outer;
    }
  console.log(said());
});
test('for…of: the right side is evaluated once', () => {
  let calls = 0;
  const list = (): number[] => {
    calls++;
    return [1, 2, 3];
  };
  for (const x of list()) out.push(x);
  console.log(said(), calls);
});
test('for…of: closures have a variable of their own', () => {
  const later: (() => string)[] = [];
  for (const [i, x] of ['a', 'b'].entries()) later.push(() => `${i}${x}`);
  console.log(later.map((f) => f()));
});
test('for…of: over keys and entries of an object', () => {
  const o = { b: 1, a: 2 };
  for (const key of Object.keys(o)) out.push(key);
  for (const [key, value] of Object.entries(o)) out.push(key, value);
  console.log(said());
});
test('for…of: over undefined holes of a made array', () => {
  for (const x of new Array<number>(2)) out.push(String(x));
  for (const x of [undefined, null]) out.push(String(x));
  console.log(said());
});
test('for…in: own keys in order, integers first', () => {
  const o: Record<string, number> = { b: 1, 2: 1, a: 1, 1: 1 };
  for (const key in o) out.push(key);
  console.log(said());
});
test('for…in: arrays and strings give indices as strings', () => {
  for (const i in ['x', 'y']) out.push(i, typeof i);
  for (const i in 'ab' as unknown as object) out.push(i);
  console.log(said());
});
test('for…in: inherited fields of a prototype', () => {
  const base = { inherited: 1, hidden: 2 };
  const o = Object.assign(Object.create(base) as Record<string, number>, { own: 3, hidden: 4 });
  for (const key in o) out.push(key);
  console.log(said());
});
test('for…in: class instances show fields, not methods', () => {
  for (const key in new Loop1()) out.push(key);
  console.log(said());
});
test('for…in: null and undefined have none', () => {
  const nothing: any[] = [null, undefined, 5, true];
  for (const value of nothing) for (const key in value) out.push(key);
  console.log(said() === '');
});
test('for…in: a member deleted on the way does not come', () => {
  const o: Record<string, number> = { a: 1, b: 2, c: 3 };
  for (const key in o) {
    out.push(key);
    delete o['b'];
  }
  console.log(said());
});
test('for…in: break, continue and closures', () => {
  const later: (() => string)[] = [];
  for (const key in { a: 1, b: 2, c: 3, d: 4 }) {
    if (key === 'b') continue;
    if (key === 'd') break;
    later.push(() => key);
  }
  console.log(later.map((f) => f()));
});
test('for…in: over an outer variable', () => {
  let key = '';
  for (key in { x: 1, y: 2 });
  console.log(key);
});
test('label: break out of nested loops', () => {
  outer: for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      if (i === 1 && j === 1) break outer;
      out.push(`${i}${j}`);
    }
  }
  console.log(said());
});
test('label: continue an outer loop of each kind', () => {
  a: for (let i = 0; i < 2; i++) {
    let n = 0;
    b: while (n < 3) {
      n++;
      do {
        if (n === 1) continue b;
        if (n === 3) continue a;
        out.push(`${i}${n}`);
      } while (false);
    }
  }
  console.log(said());
});
test('label: a block', () => {
  check: {
    out.push(1);
    if (out.length === 1) break check;
    out.push(2);
  }
  console.log(said());
});
test('label: through a switch', () => {
  loop: for (const x of [1, 2, 3, 4]) {
    switch (x) {
      case 1:
        continue;
      case 2:
        out.push('two');
        continue loop;
      case 4:
        break loop;
      default:
        out.push('other');
    }
    out.push('after');
  }
  console.log(said());
});
test('label: the same label again', () => {
  again: for (const x of [1, 2]) {
    if (x === 2) break again;
    out.push(x);
  }
  again: for (const x of [3, 4]) {
    if (x === 4) break again;
    out.push(x);
  }
  console.log(said());
});
test('label: through try and finally', () => {
  outer: for (let i = 0; i < 3; i++) {
    for (const j of [0, 1]) {
      try {
        if (i === 1) continue outer;
        if (i === 2) break outer;
        out.push(`${i}${j}`);
      } finally {
        out.push('f');
      }
    }
  }
  console.log(said());
});
test('break: leaves the innermost loop or switch only', () => {
  for (let i = 0; i < 2; i++) {
    switch (i) {
      case 0:
        break;
      default:
        out.push('d');
    }
    while (true) break;
    out.push(i);
  }
  console.log(said());
});
test('empty statement: as the body of loops and of if', () => {
  let n = 0;
  for (; n < 3; n++);
  while (n++ < 5);
  if (n > 100) {
  } else n = -1;
  console.log(n);
});
test('for: a hundred thousand rounds', () => {
  let sum = 0;
  for (let i = 0; i < 100_000; i++) sum = (sum + i * 7) % 1009;
  console.log(sum);
});
test('for: nested with shadowed names and closures', () => {
  const later: (() => number)[] = [];
  for (let i = 0; i < 2; i++)
    for (let j = i; j < 2; j++) for (const k of [i + j]) later.push(() => i * 100 + j * 10 + k);
  console.log(later.map((f) => f()));
});
test('for: a generator and closures made in the head', () => {
  let calls = 0;
  for (let next = () => ++calls; next() < 3; ) out.push(calls);
  console.log(said(), calls);
});
