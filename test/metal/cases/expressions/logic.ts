// Logical operators, conditional expressions, optional chaining, the comma, and assignments made of them.
import { test } from '../../test.ts';

const untyped = (value: unknown): any => value;
const VALUES: unknown[] = [0, -0, NaN, '', 'a', true, false, null, undefined, 1];
const log: string[] = [];
const say = <T>(value: T): T => {
  log.push(String(value));
  return value;
};
const said = (): string => log.splice(0).join(' ');

test('logical and: gives the first falsy value or the last', () => {
  for (const a of VALUES) console.log(a, a && 'right');
});
test('logical or: gives the first truthy value or the last', () => {
  for (const a of VALUES) console.log(a, a || 'right');
});
test('nullish coalescing: passes over null and undefined only', () => {
  for (const a of VALUES) console.log(a, a ?? 'right');
});
test('logical and: leaves out what is not needed', () => {
  console.log(say(0) && say(1), said(), say(1) && say(0) && say(2), said());
  console.log(say(1) || say(2), said(), say(0) || say('') || say(3), said());
  console.log(say(0) ?? say(1), said(), say(untyped(null)) ?? say(2), said());
});
test('logical and: in front of or', () => {
  const [t, f] = [VALUES.length > 0, VALUES.length < 0];
  console.log(t || (f && f), (t || f) && f, (f && t) || t, f && (t || t), (!f && !t) || !f);
});
test('logical or: in conditions of all statements', () => {
  let n = 0;
  while (n < 3 && (n !== 1 || n === 1)) n++;
  do n--;
  while (n > 0 && !(n === 1));
  if (n === 1 || n === 2) console.log('one or two', n);
  for (; (n < 10 && n !== 7) || n === 7; n++);
  console.log(n);
});
test('conditional: chooses by truth', () => {
  console.log(VALUES.map((value) => (value ? 't' : 'f')).join(''));
});
test('conditional: is right-associative', () => {
  const size = (n: number): string => (n < 10 ? 'small' : n < 100 ? 'middle' : n < 1000 ? 'large' : 'huge');
  console.log([1, 10, 100, 1000].map(size));
});
test('conditional: evaluates one branch', () => {
  console.log(say(1) ? say('a') : say('b'), said(), say(0) ? say('a') : say('b'), said());
});
test('conditional: as argument, element, member and template', () => {
  const yes = VALUES.length > 1;
  console.log(
    [yes ? 1 : 2, yes ? 'a' : 'b'],
    { x: yes ? null : undefined },
    `${yes ? 'in' : 'out'}`,
    (yes ? Math.max : Math.min)(1, 2),
  );
});
test('conditional: of different types', () => {
  for (const n of [0, 1, 2, 3]) {
    const value = n === 0 ? 'text' : n === 1 ? 5 : n === 2 ? null : [n];
    console.log(value);
  }
});
test('optional chaining: stops at null and undefined', () => {
  const rows: ({ a?: { b?: { c: number } } | null } | null | undefined)[] = [
    { a: { b: { c: 1 } } },
    { a: {} },
    { a: null },
    {},
    null,
    undefined,
  ];
  for (const row of rows) console.log(row?.a?.b?.c);
});
test('optional chaining: skips the rest of the chain, calls and keys included', () => {
  const none: { f(x: number): { g: number[] } } | undefined = untyped(undefined);
  console.log(none?.f(say(1)).g[say(2)], said() === '');
});
test('optional chaining: calls', () => {
  const o: { f?: (n: number) => number; g?: (() => void) | null } = { f: (n) => n + 1 };
  console.log(o.f?.(1), o.g?.(), o.f?.call(null, 5));
});
test('optional chaining: keeps this', () => {
  const o = {
    n: 5,
    get(this: { n: number } | undefined): number | undefined {
      return this?.n;
    },
  };
  const p: typeof o | undefined = untyped(o);
  console.log(p?.get(), p?.get?.(), p?.['get'](), o.get?.());
});
test('optional chaining: elements by computed keys', () => {
  const lists: (number[] | undefined)[] = [[1, 2], undefined, []];
  for (const list of lists) console.log(list?.[say(1)], list?.length, said());
});
test('optional chaining: parentheses end the chain', () => {
  const none: { a: { b: number } } | undefined = untyped(undefined);
  console.log(none?.a.b);
  try {
    console.log((none?.a as { b: number }).b);
  } catch (error) {
    console.log((error as Error).name);
  }
});
test('optional chaining: with nullish coalescing', () => {
  const o: { name?: string | null; size?: number } = { name: null, size: 0 };
  console.log(o?.name ?? 'none', o?.size ?? 5, o.name?.length ?? -1);
});
test('optional chaining: calls a missing function', () => {
  const table: Record<string, ((n: number) => string) | undefined> = { a: (n) => `a${n}` };
  for (const key of ['a', 'b']) console.log(table[key]?.(say(3)), said());
});
test('optional chaining: what is not callable still throws', () => {
  const o = untyped({ f: 5 });
  try {
    o.f?.();
  } catch (error) {
    console.log((error as Error).name);
  }
});
test('optional chaining: over methods of built-ins', () => {
  const texts: (string | undefined)[] = ['a,b', undefined];
  for (const text of texts) console.log(text?.split(','), text?.length, text?.toUpperCase());
});
test('comma: evaluates both and gives the last', () => {
  let a = 1;
  const b = (a++, a + 10);
  console.log(b, (say(1), say(2), say(3)), said());
});
test('comma: in a for head', () => {
  const out: string[] = [];
  for (let i = 0, j = 10; i < j; i += 3, j -= 2) out.push(`${i}-${j}`);
  console.log(out.join());
});
test('logical and assignment: assigns when truthy', () => {
  for (const value of VALUES) {
    let x = value;
    x &&= 'new';
    console.log(value, x);
  }
});
test('logical or assignment: assigns when falsy', () => {
  for (const value of VALUES) {
    let x = value;
    x ||= 'new';
    console.log(value, x);
  }
});
test('nullish coalescing assignment: assigns when null or undefined', () => {
  for (const value of VALUES) {
    let x = value;
    x ??= 'new';
    console.log(value, x);
  }
});
test('nullish coalescing assignment: does not evaluate or set what it need not', () => {
  const o = {
    kept: 1 as number | undefined,
    get n(): number | undefined {
      log.push('get');
      return this.kept;
    },
    set n(value: number | undefined) {
      log.push(`set ${value}`);
      this.kept = value;
    },
  };
  o.n ??= say(2);
  console.log(said());
  o.n &&= undefined;
  console.log(said());
  o.n ??= say(3);
  console.log(said());
  o.n ||= say(4);
  console.log(said(), o.kept);
});
test('nullish coalescing assignment: gives its value', () => {
  const cache: Record<string, number> = {};
  const a = (cache['x'] ??= 5);
  const b = (cache['x'] ??= 6);
  console.log(a, b, cache);
});
test('nullish coalescing assignment: names an anonymous function', () => {
  let f: (() => number) | undefined = untyped(undefined);
  f ??= () => 1;
  console.log(f.name, f());
});
test('nullish coalescing assignment: evaluates object and key once', () => {
  const o: { a: Record<string, number | undefined> } = { a: {} };
  const get = (): typeof o => {
    log.push('object');
    return o;
  };
  const key = (): string => {
    log.push('key');
    return 'k';
  };
  get().a[key()] ??= 7;
  get().a[key()] ||= 8;
  get().a[key()] &&= 9;
  console.log(o, said());
});
test('logical and: with side effects as a statement', () => {
  let n = 0;
  n === 0 && (n = 5);
  n === 0 || (n += 1);
  console.log(n);
});
test('logical or: of strings and numbers as default', () => {
  const name = (text: string): string => text || 'unnamed';
  const count = (n: number | undefined): number => n || 10;
  console.log(name(''), name('x'), count(0), count(NaN), count(undefined), count(3));
});
test('conditional: on objects, arrays and functions is true', () => {
  const values: unknown[] = [{}, [], '', ' ', '0', () => 0, Symbol('x'), -1, 1e-300, /x/, new Map(), [0]];
  console.log(values.map((value) => (value ? 1 : 0)).join(''));
});
