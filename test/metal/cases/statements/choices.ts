// if, switch, blocks, and what is declared where.
import { test } from '../../test.ts';

const out: unknown[] = [];
const said = (): string => out.splice(0).join(' ');
const say = <T>(value: T): T => {
  out.push(value);
  return value;
};

test('if: chains and dangling else', () => {
  const f = (n: number): string => {
    if (n < 0) return 'negative';
    else if (n === 0) return 'zero';
    else if (n < 10) {
      if (n % 2) return 'odd digit';
      else return 'even digit';
    }
    return 'large';
  };
  console.log([-1, 0, 3, 4, 50].map(f));
  const g = (a: boolean, b: boolean): string => {
    if (a)
      if (b) return 'both';
      else return 'a';
    return 'none';
  };
  console.log(g(true, true), g(true, false), g(false, true));
});
test('if: with all kinds of conditions', () => {
  const values: unknown[] = [0, 1, '', 'a', null, undefined, NaN, [], {}, () => 0];
  for (const value of values) {
    if (value) out.push(1);
    else out.push(0);
  }
  console.log(said());
});
test('if: with an assignment as condition', () => {
  let m: RegExpExecArray | null;
  if ((m = /b(c)/.exec('abcd'))) console.log(m[0], m[1], m.index);
  if (!(m = /x/.exec('abcd'))) console.log(m);
});
test('switch: cases, several labels and default', () => {
  const f = (n: number): string => {
    switch (n) {
      case 1:
        return 'one';
      case 2:
      case 3:
        return 'two or three';
      default:
        return 'many';
    }
  };
  console.log([1, 2, 3, 4].map(f));
});
test('switch: compares strictly', () => {
  const f = (value: unknown): string => {
    switch (value) {
      case '1':
        return 'string';
      case 1:
        return 'number';
      case NaN:
        return 'never';
      case null:
        return 'null';
      case undefined:
        return 'undefined';
      case false:
        return 'false';
      case 0:
        return 'zero';
      default:
        return 'other';
    }
  };
  console.log(['1', 1, NaN, null, undefined, false, 0, -0, '', [1]].map(f));
});
test('switch: empty cases and no match', () => {
  switch (say(5) as number) {
  }
  switch (say(6) as number) {
    case 1:
      say('one');
  }
  switch (say(7) as number) {
    default:
  }
  console.log(said());
});
test('switch: default first, empty, and in the middle', () => {
  const f = (n: number): string => {
    switch (n) {
      default:
        return 'other';
      case 1:
        return 'one';
    }
  };
  const g = (n: number): string => {
    switch (n) {
      case 1:
        return 'one';
      default:
      case 2:
        return 'two or other';
      case 3:
        return 'three';
    }
  };
  console.log([1, 2].map(f), [1, 2, 3, 4].map(g));
});
test('switch: case expressions are evaluated in order until one fits', () => {
  const f = (n: number): void => {
    switch (n) {
      case say(1):
        say('a');
        break;
      case say(2):
        say('b');
        break;
      case say(3):
        say('c');
    }
  };
  f(2);
  console.log(said());
  f(5);
  console.log(said());
});
test('switch: on true with conditions', () => {
  const f = (n: number): string => {
    switch (true) {
      case n < 0:
        return 'negative';
      case n > 100:
        return 'large';
      default:
        return 'fine';
    }
  };
  console.log([-5, 500, 50].map(f));
});
test('switch: on strings and on a union’s tag', () => {
  const area = (shape: { kind: 'square'; side: number } | { kind: 'circle'; radius: number }): number => {
    switch (shape.kind) {
      case 'square':
        return shape.side ** 2;
      case 'circle':
        return 3 * shape.radius ** 2;
    }
  };
  console.log(area({ kind: 'square', side: 3 }), area({ kind: 'circle', radius: 1 }));
});
test('switch: on enum members and negative numbers', () => {
  const f = (n: number): string => {
    switch (n) {
      case -1:
        return 'minus one';
      case 0.5:
        return 'half';
      case 1e3:
        return 'thousand';
      case 0xff:
        return 'hex';
      default:
        return '?';
    }
  };
  console.log([-1, 0.5, 1000, 255, 1].map(f));
});
test('switch: nested, with breaks of their own', () => {
  for (const [a, b] of [
    [1, 1],
    [1, 2],
    [2, 1],
  ] as [number, number][]) {
    switch (a) {
      case 1:
        switch (b) {
          case 1:
            say('11');
            break;
          default:
            say('1x');
        }
        say('after');
        break;
      default:
        say('x');
    }
  }
  console.log(said());
});
test('switch: break inside blocks, loops and try', () => {
  const f = (n: number): string => {
    switch (n) {
      case 1: {
        for (const x of [1, 2]) {
          if (x === 2) break;
          say(x);
        }
        break;
      }
      case 2:
        try {
          if (n > 1) break;
          say('never');
        } finally {
          say('finally');
        }
        break;
      default:
        return 'default';
    }
    return 'end';
  };
  console.log(f(1), said(), f(2), said(), f(3));
});
test('switch: a function’s last statement returns or goes on', () => {
  const f = (n: number): number | undefined => {
    switch (n) {
      case 1:
        return 10;
      case 2:
        break;
      case 3: {
        const twice = n * 2;
        return twice;
      }
    }
    return undefined;
  };
  console.log(f(1), f(2), f(3), f(4));
});
test('switch: with block declarations of the same name', () => {
  const f = (n: number): string => {
    switch (n) {
      case 1: {
        const text = 'one';
        return text;
      }
      case 2: {
        const text = 'two';
        return text;
      }
      default: {
        let text = 'many';
        text += n;
        return text;
      }
    }
  };
  console.log(f(1), f(2), f(3));
});
test('switch: closures made in cases', () => {
  const f = (n: number): (() => string) => {
    switch (n) {
      case 1: {
        const text = 'one';
        return () => text;
      }
      default:
        return () => `n${n}`;
    }
  };
  const [a, b, c] = [f(1), f(2), f(3)];
  console.log(a(), b(), c());
});
test('switch: with a throw in a case', () => {
  const f = (n: number): string => {
    try {
      switch (n) {
        case 1:
          throw new Error('one');
        default:
          return 'fine';
      }
    } catch (error) {
      return `caught ${(error as Error).message}`;
    }
  };
  console.log(f(1), f(2));
});
test('block: names of its own', () => {
  const x = 'outer';
  {
    const x = 'inner';
    {
      const x = 'innermost';
      say(x);
    }
    say(x);
  }
  say(x);
  console.log(said());
});
test('block: functions belong to it', () => {
  const f = (): string => 'outer';
  {
    say(f());
    function f(): string {
      return 'inner';
    }
  }
  say(f());
  console.log(said());
});
test('let: without a value is undefined, in each round anew', () => {
  for (let i = 0; i < 3; i++) {
    let x: number | undefined;
    say(String(x));
    x = i;
  }
  console.log(said());
});
test('let: several in one statement, later ones use earlier ones', () => {
  let a = 1,
    b = a + 1,
    c;
  c = a + b;
  console.log(a, b, c);
});
test('const: objects may change inside', () => {
  const o: { n: number; list?: number[] } = { n: 1 };
  o.n++;
  o.list = [1];
  o.list.push(2);
  console.log(o);
});
test('temporal dead zone: reading before the declaration throws', () => {
  try {
    const read = (): number => later;
    console.log(read());
    const later = 5;
    console.log(later);
  } catch (error) {
    console.log(String(error));
  }
});
test('temporal dead zone: the inner name is known from the block’s start', () => {
  const x = 'outer';
  console.log(x);
  try {
    const f = (): string => x;
    say(f());
    const x = 'inner';
    say(f());
  } catch (error) {
    say((error as Error).name);
  }
  console.log(said());
});
test('temporal dead zone: a default parameter that reads a later one', () => {
  const f = (a: unknown = () => b, b = 2): unknown => (typeof a === 'function' ? (a as () => number)() : a);
  console.log(f(), f(1), f(undefined, 3));
});
test('temporal dead zone: typeof of a later const throws, too', () => {
  try {
    const kind = (): string => typeof later;
    console.log(kind());
    const later = 1;
    say(later);
  } catch (error) {
    console.log((error as Error).name);
  }
  said();
});
test('hoisting: functions can be called before their line', () => {
  console.log(early(2), typeof early);
  function early(n: number): number {
    return twice(n) + 1;
    function twice(m: number): number {
      return m * 2;
    }
  }
});
test('hoisting: mutually recursive functions', () => {
  const even = (n: number): boolean => (n === 0 ? true : odd(n - 1));
  function odd(n: number): boolean {
    return n === 0 ? false : even(n - 1);
  }
  console.log(even(10), odd(7), even(7));
});
test('expression statement: starting with a parenthesis, a bracket or a template', () => {
  const list = [3, 1, 2];
  list.sort();
  [list[0], list[1]] = [list[1]!, list[0]!];
  `${say(list.join())}`;
  console.log(said(), list);
});
test('automatic semicolon: after return, break and increments', () => {
  const f = (): number | undefined => {
    const a = 1;
    const b = 2;
    if (a < b) return a + b;
    return undefined;
  };
  let x = 1;
  let y = 2;
  x;
  ++y;
  console.log(f(), x, y);
});

test('debugger: does nothing where nobody debugs', () => {
  const steps: number[] = [];
  for (let step = 0; step < 2; step++) {
    // biome-ignore lint/suspicious/noDebugger: it is what is tested.
    debugger;
    steps.push(step);
  }
  console.log(steps);
});
