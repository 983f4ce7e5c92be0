// What closures see of the variables around them, in every place where a variable can stand.
import { test } from '../../test.ts';

const untyped = (value: unknown): any => value;
const show = (list: (() => unknown)[]): void => console.log(list.map((f) => f()));

test('closure: over variables of a block', () => {
  const list: (() => unknown)[] = [];
  {
    let n = 1;
    list.push(() => n);
    n = 2;
  }
  {
    const n = 'other';
    list.push(() => n);
  }
  show(list);
});
test('closure: over a variable of a switch’s block', () => {
  const list: (() => unknown)[] = [];
  for (const k of ['a', 'b', 'a']) {
    switch (k) {
      case 'a': {
        const x = `${k}${list.length}`;
        list.push(() => x);
        break;
      }
      default: {
        let x = 0;
        list.push(() => ++x);
      }
    }
  }
  show(list);
  show(list);
});
test('closure: over a catch variable and what it is taken apart into', () => {
  const list: (() => unknown)[] = [];
  for (const n of [1, 2]) {
    try {
      throw { n, text: `t${n}` };
    } catch (error) {
      const { text } = error as { text: string };
      list.push(() => `${text} ${(error as { n: number }).n}`);
    }
  }
  show(list);
});
test('closure: over variables of try and finally', () => {
  const list: (() => unknown)[] = [];
  let outer = 0;
  for (let i = 0; i < 3; i++) {
    try {
      const inside = i * 10;
      list.push(() => inside + outer);
      if (i === 1) continue;
    } finally {
      const last = i;
      list.push(() => -last);
      outer += 1;
    }
  }
  show(list);
});
test('closure: over parameters with defaults that are closures', () => {
  const f = (a = 1, g = () => a, h = () => g() + 1): unknown[] => {
    a = 5;
    return [a, g(), h()];
  };
  console.log(f().length, f(2)[0]);
});
test('closure: over rest and destructured parameters', () => {
  const make = ({ a, b: [c] }: { a: number; b: number[] }, ...rest: number[]) => [
    () => a++,
    () => c,
    () => rest.length,
    () => rest.push(a),
  ];
  const [up, first, size, push] = make({ a: 1, b: [2] }, 3, 4);
  up!();
  push!();
  show([up!, first!, size!]);
});
test('closure: changed through two of them, in loops', () => {
  const pairs: { get: () => number; add: (n: number) => void }[] = [];
  for (let i = 0; i < 3; i++) {
    let total = i;
    pairs.push({ get: () => total, add: (n) => (total += n) });
  }
  pairs[0]!.add(10);
  pairs[2]!.add(5);
  show(pairs.map(({ get }) => get));
});
test('closure: over a loop variable inside a nested function', () => {
  const list: (() => unknown)[] = [];
  for (const x of [1, 2]) {
    const inner = (k: number): void => {
      for (const y of [10, 20]) list.push(() => x * k + y);
    };
    inner(100);
  }
  show(list);
});
test('closure: in a while loop with break and labels', () => {
  const list: (() => unknown)[] = [];
  let n = 0;
  outer: while (true) {
    const a = n++;
    for (let j = 0; ; j++) {
      const b = j;
      list.push(() => `${a}${b}`);
      if (j === 1) continue outer;
      if (a === 2) break outer;
    }
  }
  show(list);
});
test('closure: a variable without a value, set by an inner function', () => {
  let value: string | undefined;
  const set = (text: string): void => {
    value = text;
  };
  const get = (): string | undefined => value;
  console.log(get());
  set('x');
  console.log(get(), value);
});
test('closure: recursive, declared as a const', () => {
  const walk = (n: number, visit: (n: number) => void): void => {
    if (n === 0) return;
    visit(n);
    walk(n - 1, visit);
  };
  const seen: number[] = [];
  walk(4, (n) => seen.push(n));
  console.log(seen);
});
test('closure: returned from a method, over this and parameters', () => {
  const o = {
    base: 100,
    adder(n: number) {
      const twice = n * 2;
      return (k: number) => {
        this.base += k;
        return this.base + n + twice;
      };
    },
  };
  const add = o.adder(1);
  console.log(add(1), add(1), o.base);
});
test('closure: over a variable of a for…in and a do…while', () => {
  const list: (() => unknown)[] = [];
  for (const key in { a: 1, b: 2 }) list.push(() => key);
  let n = 0;
  do {
    const copy = n;
    list.push(() => copy);
  } while (++n < 2);
  show(list);
});
test('closure: the same name at five levels', () => {
  const x = 1;
  const a = (): (() => number) => {
    const x = 2;
    const b = (x: number): (() => number) => {
      {
        const x = 4;
        void x;
      }
      return () => {
        const y = x;
        for (const x of [5]) if (x !== 5) return -1;
        return y;
      };
    };
    return b(x + 1);
  };
  console.log(x, a()());
});
test('closure: kept in a Map, called after its function ended', () => {
  const handlers = new Map<string, (n: number) => string>();
  const register = (name: string, times: number): void => {
    let calls = 0;
    handlers.set(name, (n) => `${name} ${++calls} ${n * times}`);
  };
  register('a', 2);
  register('b', 3);
  console.log(handlers.get('a')!(1), handlers.get('b')!(1), handlers.get('a')!(5));
});
test('closure: immediately called, with variables of its own', () => {
  const counter = (() => {
    let n = 0;
    return { next: () => ++n };
  })();
  counter.next();
  console.log(
    counter.next(),
    (function () {
      const n = 'own';
      return n;
    })(),
  );
});
test('closure: over a variable that a generator keeps', () => {
  const fs: (() => number)[] = [];
  function* g(): Generator<number> {
    for (let i = 0; i < 3; i++) {
      let n = i;
      fs.push(() => n++);
      yield n;
    }
  }
  const all = [...g()];
  show(fs);
  console.log(
    all,
    fs.map((f) => f()),
  );
});
test('closure: assigned in a condition', () => {
  let f: (() => number) | undefined;
  let n = 1;
  if ((f = untyped(() => n * 2)) && f() === 2) n = 10;
  console.log(f!(), n);
});
test('let: shadows a parameter in a block only', () => {
  const f = (n: number): string => {
    let out = `${n}`;
    {
      let n = 'inner';
      n += '!';
      out += n;
    }
    if (n > 0) {
      const n = true;
      out += n;
    }
    return out + n;
  };
  console.log(f(5));
});
test('let: without a value, in nested loops and after a jump', () => {
  const out: unknown[] = [];
  for (let i = 0; i < 2; i++) {
    let a: number | undefined,
      b = i,
      c: string | undefined;
    for (const j of [0, 1]) {
      let d: number | undefined;
      if (j === 0) {
        d = 5;
        a = 1;
        continue;
      }
      out.push(String(d));
      c = 'c';
    }
    out.push(a, b, c);
  }
  let n = 0;
  while (n < 3) {
    let seen: boolean | undefined;
    if (n++ === 1) continue;
    out.push(String(seen));
    seen = true;
  }
  console.log(out.join());
});
test('let: without a value, captured in a loop', () => {
  const list: (() => unknown)[] = [];
  for (let i = 0; i < 3; i++) {
    let late: number | undefined;
    list.push(() => late);
    if (i !== 1) late = i;
  }
  show(list);
});
test('const: of a value that is computed by a closure over itself', () => {
  const list: number[] = [];
  const add = (n: number): number => (list.length < 3 ? add(n + list.push(n)) : n);
  console.log(add(1), list);
});
test('temporal dead zone: a class used by a function before its line', () => {
  try {
    console.log(make().n);
  } catch (error) {
    console.log((error as Error).name);
  }
  console.log(new Later7().n);
});
test('hoisting: functions in blocks, loops and cases', () => {
  const out: string[] = [];
  for (const n of [1, 2]) {
    out.push(inner());
    function inner(): string {
      return `n${n}`;
    }
  }
  {
    out.push(block());
    function block(): string {
      return 'block';
    }
  }
  console.log(out.join());
});

const make = (): Later7 => new Later7();
class Later7 {
  n = 1;
}
