// Loops of all kinds whose closures are nested, called by name, in place, or later; with every exit, await and yield.
const A = (n: string, f: () => unknown): void => {
  try {
    console.log(n, String(f()));
  } catch (e) {
    console.log(n, `EXC ${e}`);
  }
};
A('iife', () => {
  const out: any[] = [];
  for (let i = 0; i < 1; i++) {
    const sum = { value: 0 };
    [1, 2].forEach((v) => {
      sum.value += v;
    });
    out.push(sum.value);
  }
  for (let r = 0; r < 1; r++) {
    const a = { value: 0 };
    (() => {
      a.value++;
    })();
    ((n: number) => {
      a.value += n;
    })(5);
    out.push(a.value);
  }
  return out.join();
});
A('named', () => {
  const out: any[] = [];
  for (let i = 0; i < 1; i++) {
    const sum = { value: 0 };
    [1, 2].forEach((v) => {
      sum.value += v;
    });
    out.push(sum.value);
  }
  for (let r = 0; r < 1; r++) {
    const a = { value: 0 };
    const up = () => {
      a.value++;
    };
    const both = () => {
      up();
      up();
    };
    both();
    out.push(a.value);
  }
  return out.join();
});
A('async', () => {
  const out: any[] = [];
  for (let i = 0; i < 1; i++) {
    const sum = { value: 0 };
    [1, 2].forEach((v) => {
      sum.value += v;
    });
    out.push(sum.value);
  }
  for (let r = 0; r < 1; r++) {
    const a = { value: 0 };
    (async () => {
      a.value++;
    })();
    out.push(a.value);
  }
  return out.join();
});
A('nest', () => {
  const out: any[] = [];
  for (let i = 0; i < 2; i++) {
    const k = i + 10;
    const z = [1].map(() => {
      const inner = () => k + i;
      const deep = () => () => inner() + k;
      return deep()() + inner();
    });
    out.push(z[0]);
  }
  return out.join();
});
A('nest2', () => {
  const out: any[] = [];
  for (let i = 0; i < 2; i++) {
    const k = i + 10;
    const g = () => {
      const inner = () => k + i;
      let t = 0;
      const add = () => {
        t += inner();
      };
      add();
      add();
      return t;
    };
    out.push(g());
    out.push(() => g() + k);
  }
  return out.map((x) => (typeof x === 'number' ? x : x())).join();
});
A('nest3', () => {
  const out: any[] = [];
  const run = (f: () => void): void => f();
  for (let i = 0; i < 2; i++) {
    const k = i;
    for (let j = 0; j < 2; j++) {
      const m = j * 10;
      run(() => {
        const w = () => k + m + i + j;
        out.push(w());
        for (let q = 0; q < 2; q++) {
          const s = q + m;
          out.push(() => s + k + w());
        }
      });
    }
  }
  return out.map((x) => (typeof x === 'number' ? x : x())).join();
});
A('nest4', () => {
  const out: any[] = [];
  const mk = (n: number) => {
    const inc = () => {
      n++;
      return n;
    };
    for (let i = 0; i < 2; i++) {
      out.push(() => inc() + i);
    }
    return inc;
  };
  const f = mk(5);
  f();
  return out.map((x) => x()).join() + f();
});
A('gen', () => {
  const out: any[] = [];
  for (let i = 0; i < 2; i++) {
    const k = i;
    const g = function* () {
      yield k;
      yield i + 5;
    };
    out.push(...g());
  }
  return out.join();
});
A('iife2', () => {
  const out: any[] = [];
  const r = (() => {
    let n = 0;
    (() => {
      n++;
    })();
    for (let i = 0; i < 2; i++) {
      (() => {
        n += i + 1;
      })();
    }
    return n;
  })();
  return r;
});
A('iife3', () => {
  let total = 0;
  for (let i = 0; i < 2; i++) {
    const v = (() => {
      let q = i;
      (() => {
        q += 5;
      })();
      return q;
    })();
    total += v;
  }
  return total;
});
A('param', () => {
  const fs: any[] = [];
  for (const x of [1, 2]) {
    const f = (y: number) => {
      const z = () => x + y;
      return z;
    };
    fs.push(f(10), f(20));
  }
  return fs.map((f) => f()).join();
});

A('cont', () => {
  const out: any[] = [];
  let i = 0;
  while (true) {
    i++;
    if (i === 2) continue;
    if (i > 4) break;
    const k = i;
    out.push(() => k);
  }
  do {
    const z = i--;
    if (z === 4) continue;
    out.push(() => z);
  } while (i > 2);
  return out.map((f) => f()).join();
});
A('ret', () => {
  for (const x of [1, 2, 3]) {
    const g = () => x * 2;
    for (let j = 0; j < 3; j++) {
      const h = () => g() + j;
      if (h() === 5) return `${x}${j}`;
    }
  }
  return 'none';
});
A('lab', () => {
  const out: string[] = [];
  outer: for (const x of [1, 2, 3]) {
    const g = () => x;
    for (const y of [1, 2, 3]) {
      const h = () => g() * 10 + y;
      if (y === 2) continue outer;
      if (x === 3) break outer;
      out.push(`${h()}`);
    }
  }
  return out.join();
});
A('tryf', () => {
  const out: string[] = [];
  for (let i = 0; i < 4; i++) {
    try {
      const g = () => i;
      if (g() === 1) continue;
      if (g() === 3) break;
      out.push(`b${g()}`);
    } finally {
      out.push(`f${i}`);
    }
  }
  return out.join();
});
A('bodyinc', () => {
  let s = '';
  for (let i = 0; i < 6; i++) {
    s += [1].map((q) => `${q}`).join();
    if (i % 2 === 0) i++;
    s += i;
  }
  return s;
});
A('swi', () => {
  const out: string[] = [];
  for (let i = 0; i < 4; i++) {
    switch (i) {
      case 1:
        continue;
      case 2: {
        const g = () => i;
        out.push(`g${g()}`);
        break;
      }
      default:
        out.push([i].map((q) => q * i).join());
    }
    out.push('.');
  }
  return out.join('');
});
A('fdecl', () => {
  const r: string[] = [];
  for (let i = 0; i < 2; i++) {
    const k = i * 2;
    function g(n: number): number {
      return n === 0 ? k + i : g(n - 1);
    }
    r.push(`${[g][0]!(2)}`);
  }
  return r.join(',');
});
A('gen2', () => {
  function* g(): Generator<any, any, any> {
    for (let i = 0; i < 3; i++) {
      const f = () => i;
      const got: any = yield f();
      if (got) console.log(`got ${got}`);
      try {
        yield [i].map((q) => q + f()).join();
      } finally {
        console.log(`fin ${i}`);
      }
    }
    return 'done';
  }
  const it: any = g();
  const out: any[] = [it.next().value, it.next('a').value, it.next().value];
  out.push(it.next().value);
  const r = it.return(9);
  out.push(r.value, r.done);
  return out.join();
});
(async () => {
  const out: string[] = [];
  for (let i = 0; i < 3; i++) {
    const f = async () => {
      await null;
      return i;
    };
    out.push(`${await f()}`);
    try {
      if (i === 1) await Promise.reject(new Error(`e${i}`));
    } catch (e) {
      out.push([i].map(() => String(e)).join());
      continue;
    } finally {
      await null;
      out.push(`f${i}`);
    }
    out.push(`x${i}`);
  }
  console.log(out.join());
})();
(async () => {
  for (let i = 0; i < 8; i++) {
    await null;
    console.log(`tick ${[i].map((q) => q).join()}`);
  }
})();
(async () => {
  for (let i = 0; i < 8; i++) {
    await null;
    console.log(`tock ${i}`);
  }
})();
async function* ag() {
  for (let i = 0; i < 3; i++) {
    const g = () => i * 2;
    await null;
    yield g();
  }
}
(async () => {
  for await (const x of ag()) {
    const h = () => x;
    console.log(`ag ${h()}`);
    if (h() === 2) break;
  }
})();

export {};
