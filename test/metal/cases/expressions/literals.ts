// Literals: numbers, strings, templates, regular expressions, arrays and objects.
import { test } from '../../test.ts';

class Place1 {
  constructor(
    public x: number,
    public y: number,
  ) {}
  toString(): string {
    return `(${this.x}, ${this.y})`;
  }
}

test('numeric literal: decimal forms', () => {
  console.log(0, 1, 1.5, 0.5, 5, 1e3, 1e3, 1e3, 1e-3, 0.1e1, 0.5e-7, 123456789012345680000, 1e21, 1e-7);
});
test('numeric literal: binary, octal and hexadecimal', () => {
  console.log(0b1010, 0b11, 0o17, 0o777, 0x1f, 0xff, 0xffffffff, 0x1fffffffffffff, 0b11111111111111111111111111111111);
});
test('numeric separator: in all kinds of numbers', () => {
  console.log(1_000_000, 0xff_ff, 0b1010_0101, 0o7_7, 1_0.2_5, 1e1_0, 0.000_001);
});
test('numeric literal: at the limits of the range', () => {
  console.log(
    1.7976931348623157e308,
    1.7976931348623159e308,
    5e-324,
    2e-324,
    2.2250738585072014e-308,
    9007199254740993,
  );
});
test('numeric literal: members of a literal', () => {
  console.log((5).toString(), (5).toFixed(1), (5).toString(2), (1.5).toFixed(0), (0xff).toString(16), (1_0).toString());
});
test('string literal: escapes', () => {
  console.log(
    JSON.stringify('\b\t\n\v\f\r\0\'\"\\'),
    '\x41\u0042\u{43}\u{1F600}',
    '\a\c\q',
    'a\
b',
  );
});
test('string literal: quotes of both kinds', () => {
  console.log('a"b', "a'b", "a'b", 'a"b', '', '');
});
test('string literal: lone surrogates and separators', () => {
  const text = '\ud83d|\ude00|\u2028\u2029';
  console.log(text.length, [...text].map((c) => c.charCodeAt(0).toString(16)).join());
});
test('string literal: length counts code units', () => {
  console.log('😀'.length, 'é'.length, 'e\u0301'.length, '\u{10FFFF}'.length, '\0'.length, 'a\u{0}b'.length);
});
test('template literal: substitutions of all kinds', () => {
  const o = { toString: () => 'O' };
  console.log(`${1}|${-0}|${'s'}|${true}|${null}|${undefined}|${[1, [2]]}|${{}}|${o}|${NaN}|${1e21}`);
});
test('template literal: nested', () => {
  const n = 3;
  console.log(`a${`b${`c${n}`}${n + 1}`}${n > 2 ? `yes ${n}` : `no`}`);
});
test('template literal: over lines, with escapes', () => {
  console.log(
    JSON.stringify(`a
b\n\t\`\${x}\\ ${'$'}{y} \u{41}`),
  );
});
test('template literal: substitutions from left to right', () => {
  let i = 0;
  console.log(`${i++}${i++}${(i += 5)}${--i}`);
});
test('template literal: empty', () => {
  console.log(`` === '', `${''}` === '', `${''}${''}`.length, `a${''}b`);
});
test('template literal: of a symbol throws', () => {
  const symbol: any = Symbol('s');
  try {
    console.log(`${symbol}`);
  } catch (error) {
    console.log((error as Error).name);
  }
});
test('template literal: calls toString of a class', () => {
  console.log(`${new Place1(1, 2)}`, `${[new Place1(3, 4), 5]}`);
});
test('tagged template: strings and values', () => {
  const tag = (strings: TemplateStringsArray, ...values: unknown[]): string =>
    `${strings.join('|')} ${values.join()} ${strings.length}`;
  console.log(tag`a${1}b${'x'}c`, tag``, tag`${1}${2}`, tag`only`);
});
test('tagged template: raw strings', () => {
  const raw = (strings: TemplateStringsArray, ..._: unknown[]): string => strings.raw.join();
  console.log(raw`a\nb\u0041`, String.raw`c\d${1}\t`, raw`\``);
});
test('tagged template: a member and a call as tag', () => {
  const tags = { sum: (_: TemplateStringsArray, ...values: number[]): number => values.reduce((a, b) => a + b, 0) };
  const make =
    (prefix: string) =>
    (strings: TemplateStringsArray): string =>
      prefix + strings[0];
  console.log(tags.sum`${1}${2}${3}`, make('>')`text`, tags['sum']``);
});
test('tagged template: this is the object', () => {
  const o = {
    name: 'o',
    tag(strings: TemplateStringsArray): string {
      return this.name + strings[0];
    },
  };
  console.log(o.tag`x`);
});
test('tagged template: the same strings at each evaluation', () => {
  const seen: TemplateStringsArray[] = [];
  const keep = (strings: TemplateStringsArray, ..._: unknown[]): void => {
    seen.push(strings);
  };
  for (let i = 0; i < 3; i++) keep`a${i}`;
  keep`a${9}`;
  console.log(seen[0] === seen[1], seen[1] === seen[2], seen[0] === seen[3]);
});
test('regular expression literal: flags and source', () => {
  const r = /a[/]b\/c/gi;
  console.log(r, r.source, r.flags, r.global, r.ignoreCase, r.multiline, /(?:)/.source);
});
test('regular expression literal: a new object at each evaluation', () => {
  const make = (): RegExp => /x/g;
  const a = make();
  a.test('xx');
  console.log(a.lastIndex, make().lastIndex, make() === make());
});
test('regular expression literal: after operators that could be division', () => {
  const [a, b, g] = [8, 4, 2];
  console.log(a / b / g, [/b/g.source], a / b / g, !/x/.test('y'), ((x: number) => x / 2)(4), typeof /x/);
});
test('array literal: elements, nesting and trailing comma', () => {
  console.log([], [1], [1, 'a', null, undefined, [2, [3]], { x: [] }], [1, 2].length, [[], []].length);
});
test('array literal: elements from left to right', () => {
  let i = 0;
  console.log([i++, i++, [i++, i], i--], [...[i, i++], i]);
});
test('array literal: is a new array at each evaluation', () => {
  const make = (): number[] => [1, 2];
  const a = make();
  a.push(3);
  console.log(make(), a, make() === make());
});
test('array literal: writing the length', () => {
  const list = [1, 2, 3, 4];
  list.length = 2;
  console.log(list, list[2]);
  list.length = 0;
  list.push(9);
  console.log(list, list.length);
});
test('array literal: writing behind the end', () => {
  const list: (number | undefined)[] = [1];
  list[1] = 2;
  list[list.length] = 3;
  console.log(list, list.length, list[7], list[-1]);
});
test('object literal: keys of all kinds', () => {
  const key = 'computed';
  console.log({ a: 1, 'b c': 2, 3: 'three', [key]: 4, [`x${1 + 1}`]: 5, if: 6, class: 7, 1.5: 8, 0x10: 9, é: 10 });
});
test('object literal: shorthand and methods', () => {
  const [a, b] = [1, 'two'];
  const o = {
    a,
    b,
    add(n: number): number {
      return this.a + n;
    },
    ['say']() {
      return b;
    },
    arrow: () => a,
  };
  console.log(o.a, o.b, o.add(5), o.say(), o.arrow(), Object.keys(o));
});
test('object literal: a key given twice keeps its place and the last value', () => {
  const key: string = 'a';
  const o: Record<string, number> = { a: 1, b: 2, [key]: 3 };
  console.log(o, Object.keys(o).join());
});
test('object literal: computed keys and values from left to right', () => {
  const log: string[] = [];
  const say = (text: string): string => {
    log.push(text);
    return text;
  };
  console.log({ [say('k1')]: say('v1'), [say('k2')]: say('v2') }, log.join());
});
test('object literal: accessors', () => {
  const o = {
    n: 1,
    get twice(): number {
      return this.n * 2;
    },
    set twice(value: number) {
      this.n = value / 2;
    },
    get ['comp' + 'uted'](): string {
      return 'yes';
    },
  };
  o.twice = 10;
  o.twice += 4;
  console.log(o.n, o.twice, o['computed'], Object.keys(o));
});
test('object literal: only a getter throws when it is set', () => {
  const o: { readonly n: number } = {
    get n(): number {
      return 1;
    },
  };
  try {
    (o as { n: number }).n = 5;
    console.log('set');
  } catch (error) {
    console.log((error as Error).name);
  }
  console.log(o.n);
});
test('object literal: generator and async methods', () => {
  const o = {
    *count(to: number) {
      for (let i = 0; i < to; i++) yield i;
    },
    async later() {
      return 1;
    },
    async *both() {
      yield 1;
    },
  };
  console.log([...o.count(3)], o.later() instanceof Promise, typeof o.both().next);
});
test('object literal: nested, deeply', () => {
  const o = { a: { b: { c: { d: { e: [1, { f: 2 }] } } } } };
  console.log(o, JSON.stringify(o), o.a.b.c.d.e.length);
});
test('object literal: names of functions in it', () => {
  const key = 'dynamic';
  const o = { a: () => 0, b() {}, c: function () {}, d: function named() {}, [key]: () => 0, 'with space': () => 0 };
  console.log(
    Object.values(o)
      .map((f) => f.name)
      .join(),
  );
});
test('object literal: integer keys come first, in order', () => {
  console.log(Object.keys({ b: 1, 2: 1, a: 1, 1: 1, '-1': 1, '01': 1, 0: 1 }).join());
});
test('object literal: symbols as keys', () => {
  const key = Symbol('key');
  const o = { a: 1, [key]: 2 };
  console.log(o[key], Object.keys(o), JSON.stringify(o), o);
});
test('true and false: and null as values', () => {
  const values = [true, false, null];
  console.log(values, JSON.stringify(values), values.map(String));
});
test('parentheses: change the order only', () => {
  const [a, b, c] = [2, 3, 4];
  console.log((a + b) * c, a + b * c, a, a + b);
});
test('property access: with names of keywords and of strings', () => {
  const o = { if: 1, new: 2, delete: { typeof: 3 }, 'a-b': 4, '': 5, ' ': 6 };
  console.log(o.if, o.new, o.delete.typeof, o['a-b'], o[''], o[' ']);
});
test('property access: characters and length of a string', () => {
  const s = 'abc';
  console.log(s[0], s[2], s[3], s[-1], s.length, s['length'], 'x'[0], ''[0]);
});
test('property access: of null and undefined throws', () => {
  const values: any[] = [null, undefined];
  for (const value of values) {
    try {
      console.log(value.x);
    } catch (error) {
      console.log(String(error));
    }
    try {
      value.x = 1;
    } catch (error) {
      console.log(String(error));
    }
    try {
      value[0]();
    } catch (error) {
      console.log(String(error));
    }
  }
});
test('property access: number keys are strings', () => {
  const o: Record<string | number, string> = { 1: 'one', '2': 'two' };
  console.log(o['1'], o[2], o[1.0], Object.keys(o));
});
test('call: of what is no function throws', () => {
  const values: any[] = [5, 'a', {}, [], null, undefined];
  for (const f of values) {
    try {
      f();
    } catch (error) {
      console.log((error as Error).name);
    }
  }
});
test('call: arguments from left to right, before the call is tried', () => {
  const log: number[] = [];
  const say = (n: number): number => {
    log.push(n);
    return n;
  };
  const f: any = undefined;
  try {
    f(say(1), say(2));
  } catch {
    log.push(3);
  }
  console.log(log);
});
test('call: missing and extra arguments', () => {
  const f = (a?: unknown, b?: unknown): string => `${String(a)},${String(b)}`;
  const loose: any = f;
  console.log(f(), f(1), f(1, 2), loose(1, 2, 3), f.length);
});
test('new: with and without arguments, of a member', () => {
  const o = { Place: Place1 };
  const p = new o.Place(1, 2);
  console.log(p.x + p.y, new Place1(3, 4).toString(), new Map().size, new Array<number>(3).length);
});
test('new: of an arrow function throws', () => {
  const f: any = () => 1;
  try {
    new f();
    console.log('made');
  } catch (error) {
    console.log((error as Error).name);
  }
});
