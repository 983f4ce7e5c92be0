// next(value), yield* and its forwarding of throw() and return().
function* g(n: number): Generator<number, string, string | undefined> {
  for (let i = 0; n > i; i++) {
    const x = yield i;
    if (x) console.log('got', x);
  }
  return 'done';
}
const it = g(3);
console.log(`${it.next().value} ${it.next('hey').value} ${it.next().value} ${it.next().value} ${it.next().done}`);
console.log([...g(3)].join(','));
function* d() {
  const r = yield* g(2);
  yield r;
}
for (const v of d()) console.log(`${v}`);
const inf = (function* () {
  let i = 0;
  while (true) yield i++;
})();
for (const v of inf) {
  if (v > 2) break;
  console.log(`${v}`);
}
console.log(`${inf.next().done}`);
console.log(`${Array.from(g(2)).length}`);
const [a1, b1] = g(2);
console.log(`${a1}${b1}`);
function* tree(n: number): Generator<number> {
  if (n > 0) {
    yield* tree(n - 1);
    yield n;
    yield* tree(n - 1);
  }
}
console.log([...tree(3)].join(''));
function* ystr() {
  yield* 'ab';
  yield* [1, 2];
  yield* new Set([3]);
}
console.log([...ystr()].join());
function* inner(): Generator<string, string, any> {
  try {
    const a = yield 'i1';
    console.log(`sent ${a}`);
    yield 'i2';
  } catch (e) {
    console.log(`inner caught ${e}`);
    yield 'ic';
  } finally {
    console.log('inner fin');
  }
  return 'ret';
}
function* outer(): Generator<string, void, any> {
  try {
    const r = yield* inner();
    console.log(`r ${r}`);
    yield 'o';
  } finally {
    console.log('outer fin');
  }
}
let o = outer();
console.log(o.next().value, o.next('S').value, o.next().value);
o.next();
o = outer();
o.next();
console.log(`${o.throw('T').value}`);
console.log(`${o.next().value}`);
o = outer();
o.next();
console.log(`${o.return().done}`);

export {};
