// return of calls, getters, constructors inside try.
const g = (a: number): number => {
  if (a > 1) throw new Error('g');
  return a;
};
class Thrower {
  m(a: number): number {
    return g(a);
  }
  get p(): number {
    return g(5);
  }
  constructor(a: number) {
    if (a > 1) throw new Error('ctor');
  }
}
const c = new Thrower(0);
const o = {
  g,
  get q(): number {
    return g(5);
  },
};
const w = (n: string, k: () => unknown): void => {
  try {
    console.log(n, String(k()));
  } catch (e) {
    console.log(n, 'ESCAPED', String(e));
  }
};
w('1', () => {
  try {
    return g(5);
  } catch {
    return 'ok';
  }
});
w('2', () => {
  try {
    return o.g(5);
  } catch {
    return 'ok';
  }
});
w('3', () => {
  try {
    return c.m(5);
  } catch {
    return 'ok';
  }
});
w('4', () => {
  try {
    return c.p;
  } catch {
    return 'ok';
  }
});
w('5', () => {
  try {
    return o.q;
  } catch {
    return 'ok';
  }
});
w('6', () => {
  try {
    return new Thrower(5);
  } catch {
    return 'ok';
  }
});
w('7', () => {
  try {
    return g(5) + g(6);
  } catch {
    return 'ok';
  }
});
w('8', () => {
  try {
    return !g(5);
  } catch {
    return 'ok';
  }
});
w('9', () => {
  try {
    return `${g(5)}`;
  } catch {
    return 'ok';
  }
});
w('10', () => {
  try {
    return g(5) ? 1 : 2;
  } catch {
    return 'ok';
  }
});
w('11', () => {
  try {
    return { a: g(5) };
  } catch {
    return 'ok';
  }
});
w('12', () => {
  try {
    return JSON.parse('{bad');
  } catch {
    return 'ok';
  }
});
w('13', () => {
  try {
    return [1].map(() => g(5));
  } catch {
    return 'ok';
  }
});
w('14', () => {
  try {
    return g(g(5));
  } catch {
    return 'ok';
  }
});
w('15', () => {
  let x = 0;
  try {
    return (x = g(5));
  } catch {
    return `ok${x}`;
  }
});
w('16', () => {
  try {
    return typeof g(5);
  } catch {
    return 'ok';
  }
});
w('17', () => {
  try {
    return g(5) === 1;
  } catch {
    return 'ok';
  }
});
w('18', () => {
  try {
    return true && g(5);
  } catch {
    return 'ok';
  }
});
w('19', () => {
  try {
    if (g(5)) return 1;
    return 2;
  } catch {
    return 'ok';
  }
});
w('20', () => {
  try {
    throw g(5);
  } catch {
    return 'ok';
  }
});
w('21', () => {
  for (;;) {
    try {
      g(5);
      return 1;
    } catch {
      return 'ok';
    }
  }
});
w('22', () => {
  try {
    return Math.abs(g(5));
  } catch {
    return 'ok';
  }
});
w('23', function () {
  try {
    return g(5);
  } catch {
    return 'ok';
  }
});
w('24', () => {
  try {
    (() => {
      g(5);
    })();
    return 'bad';
  } catch {
    return 'ok';
  }
});
function declared(): string {
  try {
    return String(g(5));
  } catch {
    return 'ok';
  }
}
w('25', declared);
w('26', () => {
  const inner = (): number => {
    try {
      return g(5);
    } finally {
      g(0);
    }
  };
  try {
    return inner();
  } catch {
    return 'ok';
  }
});

export {};
