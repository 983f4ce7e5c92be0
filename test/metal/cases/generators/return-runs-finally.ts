// return() and throw() of a generator, before, at and after its yields.
function* g() {
  try {
    yield 1;
    yield 2;
  } finally {
    console.log('cleanup');
  }
}
const it = g();
it.next();
const r = it.return(7 as any);
console.log(r.value, r.done);
const r2 = it.next();
console.log(r2.value, r2.done);
function* h() {
  try {
    yield 1;
  } catch (e) {
    console.log('never');
    yield 5;
  } finally {
    console.log('fin');
    yield 'x';
    console.log('more');
  }
  return 2;
}
const ih = h();
ih.next();
const a = ih.return(9 as any);
console.log(`${a.value}`, a.done);
const b = ih.next();
console.log(`${b.value}`, b.done);
const iu = h();
const c = iu.return(3 as any);
console.log(`${c.value}`, c.done);
const iv = h();
try {
  iv.throw('t');
} catch (e) {
  console.log(`thrown ${e}`);
}
const d = iv.next();
console.log(`${d.value}`, d.done);
function* k() {
  try {
    yield 1;
  } finally {
    return 8;
  }
}
const ik = k();
ik.next();
const e2 = ik.return(1 as any);
console.log(`${e2.value}`, e2.done);
function* m() {
  try {
    yield 1;
  } catch (e) {
    console.log(`caught ${e}`);
    yield 2;
  }
}
const im = m();
im.next();
console.log(`${im.throw('err').value}`);
const z = im.next();
console.log(`${z.value}`, z.done);

export {};
