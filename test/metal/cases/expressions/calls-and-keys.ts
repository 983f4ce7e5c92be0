// Calls and keys: what is looked up when, what becomes a key, and which object a method belongs to.
import { test, testAsync } from '../../test.ts';

class Receiver5 {
  constructor(readonly name: string) {}
  add(n: unknown): string {
    return `${this.name}${String(n)}`;
  }
  get self(): this {
    log.push(`self ${this.name}`);
    return this;
  }
  static make(name: string): Receiver5 {
    return new Receiver5(name);
  }
}
class Louder5 extends Receiver5 {
  override add(n: unknown): string {
    return super.add(`${String(n)}!`);
  }
}
const log: unknown[] = [];
const said = (): string => log.splice(0).join(' ');
const say = <T>(value: T): T => {
  log.push(value);
  return value;
};
const untyped = (value: unknown): any => value;
let current = new Receiver5('a');
const swap = (): number => {
  current = new Receiver5('b');
  return 5;
};

test('call: the object is known before the arguments are computed', () => {
  current = new Receiver5('a');
  console.log(current.add(swap()), current.name);
});
test('call: the object of an element and its index are known before', () => {
  const list = [new Receiver5('x'), new Receiver5('y')];
  let i = 0;
  const next = (): number => ++i;
  console.log(list[i]!.add(next()), i, list[i]!.add(i--), i);
});
test('call: a method replaced while its arguments are computed', () => {
  const o = { f: (n: number): string => `old ${n}` };
  const change = (): number => {
    o.f = (n) => `new ${n}`;
    return 1;
  };
  console.log(o.f(change()), o.f(2));
});
test('call: a variable replaced while its arguments are computed', () => {
  let f = (n: number): string => `old ${n}`;
  const change = (): number => {
    f = (n) => `new ${n}`;
    return 1;
  };
  console.log(f(change()), f(2));
});
test('call: getters in a chain run once and in order', () => {
  const r = new Receiver5('r');
  console.log(r.self.self.add(say(1)), said());
});
test('call: results of calls are called', () => {
  const f = (a: number) => (b: number) => ({ c: (d: number) => [a, b, d] });
  console.log(f(say(1))(say(2)).c(say(3)), said());
});
test('call: of members through computed keys', () => {
  const r: Receiver5 = new Louder5('l');
  const key = 'add' as const;
  console.log(r[key](1), r['add'](2), r?.[key]?.(3));
});
test('new: of members, elements and results of calls', () => {
  const kinds = { list: [Receiver5, Louder5], pick: (n: number) => (n > 0 ? Louder5 : Receiver5) };
  console.log(
    new kinds.list[1]!('a').add(1),
    new (kinds.pick(0))('b').add(2),
    new (kinds.pick(say(1)))('c').add(3),
    said(),
  );
});
test('new: without parentheses', () => {
  class_: {
    console.log(new Date(0).getTime(), new Map().size, new Set<number>().add(1).size);
    break class_;
  }
});
test('element access: numbers become keys as texts', () => {
  const o: Record<string | number, string> = {};
  o[1] = 'one';
  o['1'] += '!';
  o[-1] = 'minus';
  o[1e21] = 'large';
  o[0.5] = 'half';
  o[-0] = 'zero';
  console.log(o['1'], o['-1'], o['1e+21'], o['0.5'], o['0'], o[NaN], Object.keys(o).join('|'));
});
test('element access: texts as indices of arrays', () => {
  const list = [10, 20, 30];
  const any = untyped(list);
  const at = untyped('1');
  console.log(any['0'], any[at], any['01'], any['length'], any['-1'], Object.keys(list).join());
});
test('element access: booleans, null and undefined as keys', () => {
  const o = untyped({ true: 1, null: 2, undefined: 3 });
  console.log(o[untyped(true)], o[untyped(null)], o[untyped(undefined)]);
});
test('element access: the object, then the key', () => {
  const get = <T>(name: string, value: T): T => {
    log.push(name);
    return value;
  };
  const value = get('object', { k: { j: 5 } })[get('key', 'k' as const)][get('inner', 'j' as const)];
  console.log(value, said());
});
test('element access: a key that throws, of undefined', () => {
  const none: any = undefined;
  const fail = (): string => {
    throw new RangeError('key');
  };
  try {
    none[fail()];
  } catch (error) {
    console.log((error as Error).name);
  }
});
test('property access: of a call that gives undefined', () => {
  const find = (n: number): { x: number } | undefined => (n > 0 ? { x: n } : undefined);
  console.log(find(1)?.x, find(0)?.x, find(1)!.x);
  try {
    console.log(find(0)!.x);
  } catch (error) {
    console.log(String(error));
  }
});
test('object assignment pattern: targets that change while it goes', () => {
  let i = 0;
  const list: number[] = [];
  [list[i++], list[i++], list[i++]] = [i, i * 10, i * 100];
  console.log(list, i);
});
test('array assignment pattern: swaps members of two objects', () => {
  const a = { n: 1, next: { n: 2 } };
  [a.n, a.next.n] = [a.next.n, a.n];
  [a.n, a.next] = [7, { n: 8 }];
  console.log(a);
});
test('nullish coalescing assignment: to a member of an object that is replaced meanwhile', () => {
  let o: { x?: number } = {};
  const first = o;
  const change = (): number => {
    o = { x: 1 };
    return 5;
  };
  o.x ??= change();
  console.log(first, o);
});
test('for…of: over a variable that is set anew in the body', () => {
  let list = [1, 2, 3];
  const seen: number[] = [];
  for (const x of list) {
    seen.push(x);
    list = [9, 9, 9, 9];
  }
  console.log(seen, list.length);
});
test('for…of: a pattern that throws closes the iterator', () => {
  function* rows(): Generator<{ a: number } | null> {
    try {
      yield { a: 1 };
      yield null;
    } finally {
      log.push('closed');
    }
  }
  try {
    for (const { a } of rows() as Iterable<{ a: number }>) log.push(a);
  } catch (error) {
    log.push((error as Error).name);
  }
  console.log(said());
});
test('for…of: return in finally inside a loop with closures', () => {
  const f = (): string => {
    const later: (() => number)[] = [];
    for (const x of [1, 2, 3]) {
      try {
        later.push(() => x);
        if (x === 2) return `${later.map((g) => g()).join()}`;
      } finally {
        log.push(`f${x}`);
        if (x === 3) later.pop();
      }
    }
    return 'end';
  };
  console.log(f(), said());
});
test('yield: inside calls, keys and patterns of closures', () => {
  function* g(): Generator<string, string, string> {
    const o = { [yield 'key']: [yield 'value', ...(yield 'rest')] };
    const f = (x: string): string => JSON.stringify(o) + x;
    return f(yield 'last');
  }
  const it = g();
  console.log(it.next('').value, it.next('k').value, it.next('v').value, it.next('ab').value, it.next('!').value);
});
test('generator: an exception from outside a loop of closures', () => {
  function* g(): Generator<() => number> {
    for (let i = 0; i < 3; i++) {
      try {
        const n = i * 2;
        yield () => n + i;
      } catch (error) {
        log.push(`${i} ${String(error)}`);
      }
    }
  }
  const it = g();
  const first = it.next().value as () => number;
  const second = it.throw('bang').value as () => number;
  console.log(first(), second(), said(), it.next().done, it.next().done);
});
test('tagged template: is given what changes meanwhile', () => {
  let n = 1;
  const tag = (strings: TemplateStringsArray, ...values: unknown[]): string => strings.raw.join('_') + values.join();
  console.log(tag`${n}${n++}${n}${(n = 10)}${n}`, n);
});
test('comma: in an index, a condition and an arrow function', () => {
  let n = 0;
  const list = ['a', 'b', 'c'];
  const f = (): number => (n++, n++, n);
  console.log(list[(n++, n)], (f(), n) > 2 ? 'many' : 'few', f());
});
test('conditional: as a target’s object and as a callee', () => {
  const [a, b] = [{ n: 1 }, { n: 2 }];
  const flag = a.n === 1;
  (flag ? a : b).n += 10;
  (flag ? b : a).n = (flag ? Math.max : Math.min)(a.n, 3);
  console.log(a, b);
});
test('typeof: of members and calls that throw', () => {
  const none: any = undefined;
  try {
    console.log(typeof none.x);
  } catch (error) {
    console.log((error as Error).name);
  }
  console.log(typeof none, typeof none?.x, typeof say(1), said());
});
test('void: of a call in an arrow function', () => {
  const f = (n: number): void => void log.push(n);
  console.log(
    f(1),
    [1, 2].map((n) => void n),
    said(),
  );
});
test('increment: as index and operand', () => {
  const list = [0, 0, 0, 0];
  let i = 0;
  list[i++] = i++;
  list[++i] = i--;
  console.log(list, i, i++ + ++i, i-- - --i, i);
});
test('logical and: with assignments on the right', () => {
  let [a, b]: [number, number] = [0, 0];
  const r = (a = 1) && (b = 2) && (a = a + b);
  console.log(r, a, b, (a = 0) || (b = 0) || 'none', a ?? (b = 9), b);
});
testAsync('await: the object of a call is known before', async () => {
  current = new Receiver5('a');
  const later = async (): Promise<number> => {
    await null;
    return swap();
  };
  console.log(current.add(await later()), current.name);
});
testAsync('await: inside patterns, keys and optional chains', async () => {
  const given = async <T>(value: T): Promise<T> => value;
  const { [await given('a' as const)]: a = await given(5), ...rest } = await given({ b: 2 } as {
    a?: number;
    b: number;
  });
  const none = await given<{ f(n: number): number } | undefined>(undefined);
  const some = await given<{ f(n: number): number } | undefined>({ f: (n) => n + 1 });
  console.log(a, rest, none?.f(await given(1)), some?.f(await given(1)), (await given([1, 2]))[await given(1)]);
});
testAsync('for await: closures and jumps in try', async () => {
  const out: (() => string)[] = [];
  async function* source(): AsyncGenerator<number> {
    try {
      for (let i = 0; i < 5; i++) {
        await null;
        yield i;
      }
    } finally {
      log.push('closed');
    }
  }
  for await (const x of source()) {
    try {
      if (x === 1) continue;
      if (x === 3) break;
      out.push(() => `x${x}`);
    } finally {
      await null;
      log.push(x);
    }
  }
  console.log(
    out.map((f) => f()),
    said(),
  );
});
