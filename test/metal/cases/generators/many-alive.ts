// Fifty generators kept alive over many collections.
const gens: Generator<number>[] = [];
function* lots(n: number) {
  let o = { v: n };
  try {
    for (;;) {
      const s = `${o.v}`;
      yield s.length;
      o = { v: o.v + 1 };
    }
  } finally {
    n = 0;
  }
}
for (let i = 0; i < 50; i++) gens.push(lots(i));
let total = 0;
for (let r = 0; r < 2000; r++)
  for (const g of gens) {
    const step = g.next();
    if (!step.done) total += step.value;
  }
console.log(`${total}`);

export {};
