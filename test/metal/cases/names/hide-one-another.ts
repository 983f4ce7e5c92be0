// Locals named like one another.
const A = (n: string, f: () => unknown): void => {
  try {
    console.log(n, String(f()));
  } catch (e) {
    console.log(n, `EXC ${e}`);
  }
};
A('s1', () => {
  {
    let g;
    g = 7;
  }
  const h = () => {
    const g = () => 'ok';
    return g();
  };
  return h();
});
A('s2', () => {
  {
    let g2 = 7;
    g2 += 1;
  }
  const h = () => {
    const g2 = () => 'ok';
    return g2();
  };
  return h();
});
A('s3', () => {
  let out = '';
  {
    let a3 = 1;
    out += String(a3);
  }
  {
    const a3 = () => 'x';
    out += a3();
  }
  {
    let a3 = [1];
    out += String(a3.length);
  }
  return out;
});
A('s4', () => {
  const x4 = 5;
  const h = (y: number) => {
    const x4 = y + 1;
    const k = () => x4;
    return k();
  };
  return h(1) + x4;
});
A('s5', () => {
  let x5 = 5;
  const up = [
    () => {
      x5++;
    },
  ];
  {
    let x5 = 100;
    up[0]!();
    x5++;
  }
  return x5;
});
A('s6', () => {
  let x6 = 5;
  const h = () => {
    let x6 = 1;
    {
      let x6 = 2;
      x6++;
    }
    return x6;
  };
  return h() * 10 + x6;
});
A('s8', () => {
  const v8 = 1;
  for (let v8 = 0; v8 < 2; v8++) {
    const w = v8;
  }
  for (const v8 of [9]) {
  }
  return v8;
});
A('s9', () => {
  if (true) {
    let f9 = 1;
    f9++;
  }
  const f9 = () => 'ok';
  return f9();
});
A('s10', () => {
  const f10 = () => 'ok';
  {
    let f10 = 3;
    f10++;
  }
  return f10();
});
A('s13', () => {
  for (let i = 0; i < 2; i++) {
    let k = i;
    k++;
  }
  const h = () => {
    const k = () => 'ok';
    const i = () => 'i';
    return k() + i();
  };
  return h();
});
A('s15', () => {
  const h = () => {
    const k15 = () => 'ok';
    return k15();
  };
  {
    let k15 = 4;
    k15++;
  }
  return h();
});
A('s16', () => {
  {
    const k16 = () => 'A';
    if (k16().length !== 1) return 'bad';
  }
  {
    const k16 = () => 'B';
    return k16();
  }
});
A('s17', () => {
  const a = () => {
    const in17 = () => 1;
    return in17();
  };
  const b = () => {
    const in17 = () => 2;
    return in17();
  };
  return a() * 10 + b();
});
A('s18', () => {
  function p(n: number) {
    return n + 1;
  }
  const q = () => {
    function p(n: number) {
      return n * 10;
    }
    return p(3);
  };
  return p(1) * 100 + q();
});
A('s19', () => {
  {
    function p19() {
      return 'blk';
    }
    if (p19().length > 9) return 'bad';
  }
  const p19 = () => 'out';
  return p19();
});
A('s22', () => {
  {
    let n22 = 1;
    const c = [() => n22];
    n22 = 2;
    if (c[0]!() > 9) return 'bad';
  }
  {
    let n22 = 10;
    const c = [() => n22];
    n22++;
    return c[0]!();
  }
});
A('s23', () => {
  const m = new Map<string, number>();
  {
    const m = [1];
    m.push(2);
  }
  m.set('a', 1);
  return m.size;
});
A('s24', () => {
  const r: (() => string)[] = [];
  {
    const x = 'a';
    r.push(() => x);
  }
  {
    const x = 'b';
    r.push(() => x);
  }
  const x = 'c';
  r.push(() => x);
  return r.map((f) => f()).join('');
});

export {};
