// Locals named like something at the top of the module.
const A = (n: string, f: () => unknown): void => {
  try {
    console.log(n, String(f()));
  } catch (e) {
    console.log(n, `EXC ${e}`);
  }
};
function k(n?: number): string {
  return 'top';
}
A('p', () => {
  const h = (k: () => string) => k();
  return h(() => 'param');
});
A('p2', () => {
  let k = () => 'let';
  return k();
});
A('p3', () => {
  let k: () => string;
  k = () => 'let';
  return k();
});
A('p4', () => {
  for (const k of [() => 'of']) return k();
  return '';
});
A('p5', () => {
  const { k } = { k: () => 'destr' };
  return k();
});
A('p6', () => {
  const k = 5;
  return k;
});
A('p7', () => {
  const k = (
    () => () =>
      'call'
  )();
  return k();
});
A('p8', () => {
  function k() {
    return 'fn';
  }
  return k();
});
A('p9', () => {
  const f = function k(n: number): string {
    return n === 0 ? 'named' : k(n - 1);
  };
  return f(2);
});
A('n1', () => {
  function q() {
    return 'outer';
  }
  const h = () => {
    const q = () => 'inner';
    return q();
  };
  return h() + q();
});
A('n2', () => {
  const q = () => 'outer';
  const h = () => {
    const q = () => 'inner';
    return q();
  };
  return h() + q();
});
A('n3', () => {
  const q = () => 'outer';
  const h = () => {
    const i = () => {
      const q = () => 'inner';
      return q();
    };
    return i();
  };
  return h() + q();
});
A('n4', () => {
  const q = () => 'A';
  const h = () => {
    function q() {
      return 'fn';
    }
    return q();
  };
  return h() + q();
});
class TopC {
  static v() {
    return 'topc';
  }
}
A('n6', () => {
  const TopC = { v: () => 'inner' };
  return TopC.v();
});
A('n7', () => {
  const TopC = () => 'inner';
  return TopC();
});
const w1 = (): string => 'topw';
A('n8', () => {
  const w1 = () => 'inner';
  return w1();
});
A('n9', () => {
  {
    const w1 = () => 'blk';
    if (w1().length !== 3) return 'bad';
  }
  return w1();
});
A('n10', () => {
  const h = (w1 = () => 'dflt') => w1();
  return h();
});
function late() {
  return 'late';
}
A('n11', () => {
  const o = {
    late() {
      return late();
    },
  };
  return o.late();
});
A('n12', () => {
  const late = (n: number): string => (n === 0 ? 'rec' : late(n - 1));
  return late(2);
});
A('n13', () => {
  let late = 3;
  const f = () => {
    late += 1;
    return late;
  };
  return f();
});
const log: string[] = [];
log.push('');
A('n14', () => {
  const log = () => 'x';
  log();
  return log();
});

console.log(k(1), w1(), late(), TopC.v());

export {};
