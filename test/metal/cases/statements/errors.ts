// throw, try, catch and finally.
import { test } from '../../test.ts';

class Fault1 extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = 'Fault1';
    this.code = code;
  }
}
class DeepFault1 extends Fault1 {
  override readonly name = 'DeepFault1';
  constructor() {
    super(7, 'deep');
  }
  describe(): string {
    return `${this.name} ${this.code}`;
  }
}
class Plain1 extends TypeError {}

const out: unknown[] = [];
const said = (): string => out.splice(0).join(' ');
const say = <T>(value: T): T => {
  out.push(value);
  return value;
};
const fail = (text: string): never => {
  throw new Error(text);
};
const attempt = (f: () => unknown): void => {
  try {
    say(String(f()));
  } catch (error) {
    say(error instanceof Error ? `${error.name}: ${error.message}` : `thrown ${String(error)}`);
  }
  console.log(said());
};

test('throw: values of all kinds', () => {
  for (const value of [1, 'text', null, undefined, true, NaN]) {
    try {
      throw value;
    } catch (error) {
      console.log(error === value || value !== value, typeof error);
    }
  }
  try {
    throw { a: [1] };
  } catch (error) {
    console.log(error);
  }
  try {
    throw () => 5;
  } catch (error) {
    console.log((error as () => number)());
  }
});
test('try…catch: nothing thrown', () =>
  attempt(() => {
    try {
      say(1);
    } catch {
      say('never');
    } finally {
      say(2);
    }
    return 'end';
  }));
test('try…catch: without a variable', () =>
  attempt(() => {
    try {
      fail('x');
    } catch {
      return 'caught';
    }
    return 'not';
  }));
test('try…catch: the variable belongs to the clause', () =>
  attempt(() => {
    const error = 'outer';
    try {
      fail('x');
    } catch (error) {
      say((error as Error).message);
    }
    return error;
  }));
test('try…catch: rethrows the same object', () => {
  const original = new Fault1(1, 'm');
  try {
    try {
      throw original;
    } catch (error) {
      (error as Fault1).message = 'changed';
      throw error;
    }
  } catch (error) {
    console.log(error === original, (error as Fault1).message);
  }
});
test('try…catch: variables of the try block are not seen, outer ones keep changes', () =>
  attempt(() => {
    let n = 1;
    let s = 'a';
    const list = [1];
    try {
      n = 2;
      s += 'b';
      list.push(2);
      fail('x');
      n = 3;
    } catch {
      s += n;
      n += 10;
    }
    return `${n} ${s} ${list}`;
  }));
test('try…finally: runs after return, and keeps its value', () =>
  attempt(() => {
    let n = 1;
    const f = (): number => {
      try {
        return n;
      } finally {
        n = 5;
      }
    };
    return `${f()} ${n}`;
  }));
test('try…finally: its return wins over return and throw', () =>
  attempt(() => {
    const f = (): number => {
      try {
        return 1;
      } finally {
        return 2;
      }
    };
    const g = (): number => {
      try {
        fail('lost');
      } finally {
        return 3;
      }
    };
    return [f(), g()];
  }));
test('try…finally: its throw replaces what was thrown', () =>
  attempt(() => {
    try {
      fail('first');
    } finally {
      fail('second');
    }
  }));
test('try…finally: break and continue in it win', () =>
  attempt(() => {
    for (let i = 0; i < 3; i++) {
      try {
        fail('lost');
      } finally {
        say(i);
        if (i < 2) continue;
        break;
      }
    }
    return 'end';
  }));
test('try…finally: after a throw in catch', () =>
  attempt(() => {
    try {
      fail('first');
    } catch (error) {
      say((error as Error).message);
      fail('second');
    } finally {
      say('finally');
    }
  }));
test('try…finally: nested, from inside out', () =>
  attempt(() => {
    try {
      try {
        try {
          fail('x');
        } finally {
          say(1);
        }
      } finally {
        say(2);
      }
    } catch (error) {
      say((error as Error).message);
    } finally {
      say(3);
    }
    return 'end';
  }));
test('try…finally: the returned expression is evaluated before it', () =>
  attempt(() => {
    const f = (): unknown => {
      try {
        return say('value');
      } finally {
        say('finally');
      }
    };
    return f();
  }));
test('try…finally: a call in return is still inside the try', () =>
  attempt(() => {
    try {
      return fail('x');
    } catch {
      return 'caught';
    } finally {
      say('finally');
    }
  }));
test('try…finally: in loops with break and continue', () =>
  attempt(() => {
    for (let i = 0; i < 4; i++) {
      try {
        if (i === 1) continue;
        if (i === 3) break;
        say(i);
      } finally {
        say(`f${i}`);
      }
    }
    return 'end';
  }));
test('try…finally: in a while loop with a counter', () =>
  attempt(() => {
    let n = 0;
    while (true) {
      try {
        if (++n === 3) break;
        if (n === 1) continue;
        say(n);
      } catch {
        say('never');
      } finally {
        say(`f${n}`);
      }
    }
    return n;
  }));
test('try…catch: throws inside catch of an inner try go out', () =>
  attempt(() => {
    try {
      try {
        fail('a');
      } catch {
        fail('b');
      }
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  }));
test('try…catch: in a deep recursion', () =>
  attempt(() => {
    const dig = (n: number): number => {
      if (n === 0) fail('bottom');
      try {
        return dig(n - 1);
      } finally {
        if (n % 100 === 0) say(n);
      }
    };
    return dig(300);
  }));
test('try…catch: returns from nested functions', () =>
  attempt(() => {
    const f = (n: number): string => {
      try {
        return [1, 2, 3].map((x) => (x === n ? (fail(`at ${x}`) as unknown as number) : x)).join();
      } catch (error) {
        return (error as Error).message;
      }
    };
    return [f(2), f(9)];
  }));
test('try…catch: an error of a getter, a setter, a constructor and an iterator', () =>
  attempt(() => {
    const o = {
      get bad(): number {
        return fail('getter');
      },
      set bad(_: number) {
        fail('setter');
      },
      *[Symbol.iterator](): Generator<number> {
        yield 1;
        fail('iterator');
      },
    };
    for (const f of [() => o.bad, () => (o.bad = 1), () => new Fault1(1, fail('constructor')), () => [...o]]) {
      try {
        f();
      } catch (error) {
        say((error as Error).message);
      }
    }
    return 'end';
  }));
test('extends Error: name, message, fields and instanceof', () => {
  const error = new Fault1(5, 'broken');
  console.log(error.name, error.message, error.code, String(error), error instanceof Fault1, error instanceof Error);
  const deep = new DeepFault1();
  console.log(deep.name, deep.message, deep.code, String(deep), deep.describe(), deep instanceof Fault1);
});
test('extends Error: without a constructor', () => {
  const error = new Plain1('text');
  console.log(
    error.name,
    error.message,
    String(error),
    error instanceof TypeError,
    error instanceof Plain1,
    new Plain1().message === '',
  );
});
test('extends Error: cause', () => {
  const error = new Error('outer', { cause: new Fault1(1, 'inner') });
  console.log((error.cause as Fault1).code, new Error('none').cause, 'cause' in new Error('none'));
});
test('extends Error: caught by kind', () => {
  const kinds = [new Fault1(1, 'a'), new DeepFault1(), new Plain1('c'), new RangeError('d'), new Error('e')];
  for (const error of kinds) {
    try {
      throw error;
    } catch (caught) {
      if (caught instanceof DeepFault1) say('deep');
      else if (caught instanceof Fault1) say(`fault ${caught.code}`);
      else if (caught instanceof TypeError) say('type');
      else if (caught instanceof RangeError) say('range');
      else say('error');
    }
  }
  console.log(said());
});
test('throw: in a default parameter and in a computed key', () =>
  attempt(() => {
    const f = (a = fail('default') as unknown as number): number => a;
    try {
      f();
    } catch (error) {
      say((error as Error).message);
    }
    f(1);
    return { [fail('key')]: 1 };
  }));
test('throw: leaves an assignment undone', () =>
  attempt(() => {
    const o = { n: 1 };
    let x = 1;
    try {
      x = fail('a') as unknown as number;
    } catch {}
    try {
      o.n += fail('b') as unknown as number;
    } catch {}
    return `${x} ${o.n}`;
  }));
test('throw: the language’s own errors', () => {
  const calls: (() => unknown)[] = [
    () => (undefined as unknown as { x: number }).x,
    () => (null as unknown as () => void)(),
    () => new Array(-1),
    () => 'x'.repeat(-1),
    () => (1).toFixed(101),
    () => JSON.parse('{'),
    () => (Symbol() as unknown as number) + 1,
    () => Object.defineProperty(Object.freeze({}), 'x', { value: 1 }),
    () => [].reduce((a) => a),
    () => decodeURIComponent('%'),
    () => new RegExp('['),
  ];
  for (const call of calls) {
    try {
      say(typeof call());
    } catch (error) {
      say((error as Error).name);
    }
  }
  console.log(said());
});
test('try…catch: many in turn do not exhaust anything', () => {
  let caught = 0;
  for (let i = 0; i < 20_000; i++) {
    try {
      if (i % 2) throw i;
      continue;
    } catch {
      caught++;
    } finally {
      caught += 0;
    }
  }
  console.log(caught);
});
test('try…catch: values of variables after several throws', () =>
  attempt(() => {
    let state = 'start';
    for (const step of ['a', 'b', 'c']) {
      try {
        state = `${state}>${step}`;
        if (step === 'b') fail(step);
        state += '!';
      } catch (error) {
        state += `?${(error as Error).message}`;
      }
    }
    return state;
  }));
test('try…finally: in generators and closures made in it', () =>
  attempt(() => {
    let f: () => string = () => 'none';
    try {
      const x = 'in try';
      f = () => x;
      fail('a');
    } catch (error) {
      const before = f;
      f = () => `${before()} ${(error as Error).message}`;
    } finally {
      const before = f;
      f = () => `${before()} end`;
    }
    return f();
  }));
test('Error.prototype.name: toString without name or message', () => {
  const make = (name: string, message: string): string => {
    const error = new Error(message);
    error.name = name;
    return String(error);
  };
  console.log([make('', ''), make('A', ''), make('', 'b'), make('A', 'b')]);
});
test('new AggregateError: keeps all errors', () => {
  const error = new AggregateError([new Error('a'), 5], 'both');
  console.log(error.name, error.message, error.errors.length, String(error.errors[0]));
});
