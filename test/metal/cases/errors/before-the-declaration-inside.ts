// The same in closures, loops, callbacks and classes.
const show = (f: () => unknown): void => {
  try {
    console.log('value', f());
  } catch (e) {
    const x = e as Error;
    console.log(`${x.name}: ${x.message}`);
  }
};
const timers: (() => void)[] = [];
const every = (f: () => void): number => {
  timers.push(f);
  return timers.length;
};
const id = every(() => console.log('id', id));
for (const t of timers) t();
function outer(n: number): number {
  const inner = (): number => (n > 2 ? base : base2);
  if (n === 0) {
    try {
      return inner();
    } catch (e) {
      console.log(String(e));
    }
  }
  const base = 10 * n;
  let base2 = 3;
  base2 += n;
  return inner();
}
console.log(outer(1), outer(5), outer(0));
const fs: (() => number)[] = [];
for (let i = 0; i < 3; i++) {
  const f = (): number => v;
  if (i === 1) show(f);
  const v = i * 2;
  fs.push(f);
}
console.log(fs.map((f) => f()).join());
class Registry {
  static all: string[] = [];
  static make(): string {
    return table.join();
  }
}
show(() => Registry.make());
const table = ['a', 'b'];
show(() => Registry.make());
show(() => typeof lateC);
const { lateC, other = 2 } = { lateC: 1 } as { lateC: number; other?: number };
console.log(lateC + other);
const o = {
  get v() {
    return lateV;
  },
};
show(() => o.v);
let lateV = 1;
lateV++;
show(() => ({ lateV }).lateV);
abstract class EarlyBase {
  constructor() {
    show(() => this.k());
  }
  abstract k(): string;
}
class EarlyDerived extends EarlyBase {
  k(): string {
    return KK;
  }
}
new EarlyDerived();
const KK = 'kk' + 1;
new EarlyDerived();

export {};
