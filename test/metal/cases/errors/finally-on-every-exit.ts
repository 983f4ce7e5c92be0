// finally runs on return, break, continue, throw, and may override each of them.
const log: string[] = [];
const w = (n: string, k: any) => {
  let r;
  try {
    r = k();
  } catch (e) {
    r = `E${e}`;
  }
  console.log(n, `${r}`, log.join(','));
  log.length = 0;
};
const boom = (n: number): number => {
  if (n > 1) throw `boom${n}`;
  return n;
};
w('ret', () => {
  try {
    return 1;
  } finally {
    log.push('f');
  }
});
w('retcall', () => {
  try {
    return boom(5);
  } finally {
    log.push('f');
  }
});
w('retcall-ok', () => {
  try {
    return boom(1);
  } finally {
    log.push('f');
  }
});
w('throw', () => {
  try {
    throw 'x';
  } finally {
    log.push('f');
  }
});
w('catch', () => {
  try {
    throw 'x';
  } catch (e) {
    log.push(`c${e}`);
    return 3;
  } finally {
    log.push('f');
  }
});
w('catchthrow', () => {
  try {
    throw 'x';
  } catch (e) {
    throw 'y';
  } finally {
    log.push('f');
  }
});
w('override', () => {
  try {
    throw 'x';
  } finally {
    return 'over';
  }
});
w('override2', () => {
  try {
    return 'x';
  } finally {
    throw 'over';
  }
});
w('break', (): string => {
  for (let i = 0; i < 5; i++) {
    try {
      if (i === 1) continue;
      if (i === 3) break;
      log.push(`b${i}`);
    } finally {
      log.push(`f${i}`);
    }
  }
  throw 'end';
});
w('finbreak', (): unknown => {
  for (let i = 0; i < 5; i++) {
    try {
      throw 'z';
    } finally {
      if (i === 2) break;
      continue;
    }
  }
  return 'done';
});
w('lab', () => {
  outer: for (let i = 0; i < 3; i++) {
    for (;;) {
      try {
        try {
          if (i === 1) break outer;
          continue outer;
        } finally {
          log.push(`a${i}`);
        }
      } finally {
        log.push(`b${i}`);
      }
    }
  }
  throw 'end';
});
w('nest', () => {
  try {
    try {
      try {
        return boom(9);
      } finally {
        log.push('1');
      }
    } catch (e) {
      log.push(`c${e}`);
      throw 'again';
    } finally {
      log.push('2');
    }
  } finally {
    log.push('3');
  }
});
w('brk2', () => {
  for (let i = 0; 3 > i; i++) {
    try {
      break;
    } catch {}
  }
  try {
    throw 5;
  } catch (e) {
    return `ok${e}`;
  }
});
w('sw', () => {
  for (let i = 0; i < 4; i++) {
    try {
      switch (i) {
        case 0:
          log.push('zero');
          break;
        case 1:
          continue;
        case 2:
          log.push('two');
          break;
        default:
          return 'def';
      }
      log.push(`e${i}`);
    } finally {
      log.push(`f${i}`);
    }
  }
  return 'z';
});
w('val', () => {
  let x = 1;
  const f = () => {
    try {
      return x;
    } finally {
      x = 2;
    }
  };
  const r = f();
  return `${r}${x}`;
});
class Failing {
  n = 4;
  m() {
    try {
      return this.bad();
    } catch (e) {
      return `${this.n}${e}`;
    } finally {
      log.push(`n${this.n}`);
    }
  }
  bad(): any {
    throw 'bad';
  }
}
w('method', () => new Failing().m());
w('local', () => {
  let a = 0;
  let s = 'x';
  try {
    a = 1;
    s = 'y';
    boom(1);
    a = 2;
    s = 'z';
    boom(3);
    a = 3;
  } catch (e) {
    return `${a}${s}${e}`;
  }
  return 'never';
});
w('clo', () => {
  const fs: any[] = [];
  for (let i = 0; i < 3; i++) {
    try {
      const k = i;
      if (i === 1) continue;
      fs.push(() => k);
    } finally {
      const q = i * 10;
      fs.push(() => q);
    }
  }
  return fs.map((f) => f()).join(',');
});

export {};
