// try in try, rethrown, in loops, with patterns, through many calls.
const deep = (n: number): number => {
  if (n === 0) throw new Error('deep');
  return deep(n - 1) + 1;
};
try {
  deep(1000);
} catch (e) {
  console.log(String(e));
}
const f = (): void => {
  try {
    throw new Error('x');
  } catch (e) {
    console.log('c1');
    throw e;
  } finally {
    console.log('f1');
  }
};
try {
  f();
} catch (e) {
  console.log('c2', (e as Error).message);
}
try {
  throw { a: 1, b: [2, 3] };
} catch (e) {
  const {
    a,
    b: [x],
  } = e as { a: number; b: number[] };
  console.log(a, x);
}
for (let i = 0; i < 4; i++) {
  try {
    try {
      if (i % 2 === 0) throw new RangeError(`r${i}`);
      console.log('ok', i);
    } catch (e) {
      if (i > 1) throw new TypeError('wrapped', { cause: e });
      console.log('inner', String(e));
    } finally {
      console.log('fin', i);
    }
  } catch (e) {
    console.log('outer', String(e), String((e as Error).cause));
  }
}
class KernelError {
  name = 'KernelError';
  constructor(
    readonly message: string,
    readonly code: number,
  ) {}
  toString(): string {
    return `${this.name}: ${this.message}`;
  }
}
class IoError extends KernelError {
  constructor(m: string) {
    super(m, 5);
    this.name = 'IoError';
  }
}
try {
  throw new IoError('disk');
} catch (e) {
  const io = e as IoError;
  console.log(e instanceof IoError, e instanceof KernelError, io.message, io.name, io.code, String(e), `${io}`);
}
try {
  try {
    throw 1;
  } finally {
    throw 2;
  }
} catch (e) {
  console.log(String(e));
}
const g = (): string => {
  for (;;) {
    try {
      throw 'a';
    } catch {
      try {
        return 'r';
      } finally {
        break;
      }
    }
  }
  return 'after';
};
console.log(g());

export {};
