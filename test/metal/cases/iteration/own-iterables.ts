// Classes with [Symbol.iterator], and when they are closed.
class Range {
  n: number;
  constructor(n: number) {
    this.n = n;
  }
  [Symbol.iterator](): Iterator<number> {
    let i = 0;
    const n = this.n;
    return {
      next: () => (i < n ? { value: i++, done: false } : { value: undefined as any, done: true }),
      return() {
        console.log('closed');
        return { value: undefined as any, done: true };
      },
    };
  }
}
class Gen {
  n: number;
  constructor(n: number) {
    this.n = n;
  }
  *[Symbol.iterator]() {
    try {
      for (let i = 0; i < this.n; i++) yield i;
    } finally {
      console.log('gen fin');
    }
  }
}
for (const x of new Range(3)) console.log(`${x}`);
for (const x of new Range(5)) {
  if (x === 1) continue;
  if (x > 2) break;
  console.log(`${x}`);
}
console.log(
  [...new Range(3)].join(','),
  Array.from(new Range(2), (x) => x * 2).join(','),
  `${Math.max(...new Range(4))}`,
);
const [a, b] = new Range(9);
const [c, ...d] = new Gen(3);
console.log(`${a}${b}${c}${d}`);
let e: any, f: any;
[e, f = 7] = new Gen(1);
console.log(`${e}${f}`);
const fn = () => {
  for (const x of new Gen(5)) {
    if (x === 2) return x;
  }
  return -1;
};
console.log(`${fn()}`);
try {
  for (const x of new Gen(3)) {
    if (x === 1) throw new Error('body');
  }
} catch (er) {
  console.log(`${er}`);
}
out: for (const x of new Gen(3)) {
  for (const y of new Range(3)) {
    if (y === 1) continue out;
    if (x === 2) break out;
    console.log(`${x}${y}`);
  }
}
console.log(`${new Set(new Range(3)).size} ${new Map([[1, 2]]).size} ${[...new Map(new Map([['k', 'v']]))].join(';')}`);

export {};
