// Several closures of one round share its variables.
const bag: { inc(): void; get(): number }[] = [];
for (const start of [1, 2]) {
  let n = start;
  bag.push({
    inc: () => {
      n++;
    },
    get: () => n,
  });
  n += 10;
}
bag[0]!.inc();
bag[0]!.inc();
console.log(bag.map((b) => b.get()).join());
const sums: number[] = [];
for (let i = 0; i < 3; i++) {
  let sum = 0;
  [1, 2].forEach((v) => {
    sum += v * i;
  });
  sums.push(sum);
}
console.log(sums.join());
const f = (): string => {
  const out: string[] = [];
  for (const q of [1, 2]) {
    const rec = (n: number): number => (n === 0 ? q : rec(n - 1));
    const even = (n: number): boolean => n === 0 || odd(n - 1);
    const odd = (n: number): boolean => n !== 0 && even(n - 1);
    out.push(`${[rec][0]!(3)} ${[even][0]!(4)} ${[odd][0]!(4)}`);
  }
  return out.join('; ');
};
console.log(f());
let w = 0;
while (w < 2) {
  let {
    a,
    list: [b = 7],
  } = { a: w, list: [] as number[] };
  const up = (): void => {
    a++;
    b += a;
  };
  up();
  up();
  console.log(a, b);
  w++;
}
for (let x of [1, 2]) {
  const get = [(): number => x];
  x += 10;
  console.log(x, get[0]!());
}
for (let [x, y] of [[1, 2]] as [number, number][]) {
  const get = [(): number => x + y];
  x += 10;
  console.log(x, get[0]!());
}
const counters = [0, 1].map((base) => {
  let count = base;
  return {
    up: (): number => ++count,
    reset: (): void => {
      count = base;
    },
  };
});
counters[0]!.up();
counters[0]!.up();
counters[1]!.up();
console.log(counters[0]!.up(), counters[1]!.up());
counters[0]!.reset();
console.log(counters[0]!.up());

export {};
