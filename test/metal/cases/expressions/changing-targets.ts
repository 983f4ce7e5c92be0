// Targets whose value, object or key changes while the right side is computed.
import { test } from '../../test.ts';

const o = { n: 1, s: 'a', list: [1, 2] };
const p = { o };
const f = (): number => {
  o.n = 100;
  o.s = 'changed';
  o.list[0] = 50;
  return 10;
};
const reset = (): void => {
  o.n = 1;
  o.s = 'a';
  o.list[0] = 1;
};
test('addition assignment: to a member that the right side changes', () => {
  o.n += f();
  console.log(o.n);
  reset();
});
test('addition assignment: to an element that the right side changes', () => {
  o.list[0]! += f();
  console.log(o.list[0]);
  reset();
});
test('addition assignment: to a text that the right side changes', () => {
  o.s += f();
  console.log(o.s);
  reset();
});
test('multiplication assignment: through two members', () => {
  p.o.n *= f() - 1;
  console.log(o.n);
  reset();
});
test('bitwise or assignment: through two members', () => {
  p.o.n |= f();
  console.log(o.n);
  reset();
});
test('subtraction assignment: of a member that is counted up meanwhile', () => {
  o.n -= o.n++ + f();
  console.log(o.n);
  reset();
});
let q: { n: number; s: string } = { n: 1, s: 's' };
const swap = (): number => {
  q = { n: 1000, s: 'other' };
  return 5;
};
test('addition assignment: to a member of an object that is replaced meanwhile', () => {
  const before = q;
  q.n += swap();
  console.log(before.n, q.n);
});
test('assignment: to a member of an object that is replaced meanwhile', () => {
  q = { n: 1, s: 's' };
  const before = q;
  q.n = swap();
  console.log(before.n, q.n);
});
test('addition assignment: to a text of an object that is replaced meanwhile', () => {
  q = { n: 1, s: 's' };
  const before = q;
  q.s += swap();
  console.log(before.s, q.s);
});
let i = 0;
const list = [0, 0, 0];
const step = (): number => {
  i = 2;
  return 7;
};
test('assignment: to an element whose index changes meanwhile', () => {
  list[i] = step();
  console.log(list);
});
test('addition assignment: to an element whose index changes meanwhile', () => {
  i = 0;
  list[i]! += step();
  console.log(list);
});
const u = new Uint8Array(3);
test('addition assignment: to an element of a typed array whose index changes meanwhile', () => {
  i = 0;
  u[i] = step();
  i = 0;
  u[i]! += step();
  console.log(u);
});
test('assignment: to a member of a variable that the right side sets', () => {
  let a = { n: 1 };
  const b = a;
  a.n = (a = { n: 5 }).n + 1;
  console.log(a, b);
});
