// Operands are computed from left to right, whatever those to the right change.
let n = 1;
const list = [10, 20];
const part = {
  v: 3,
  grow(): number {
    part.v += 1;
    n += 2;
    list[0] = list[0]! + 1;
    return part.v;
  },
  self(): { v: number } {
    part.v += 7;
    return part;
  },
};
const next = (): number => {
  n += 1;
  part.v += 2;
  list[0] = list[0]! + 3;
  return n;
};
const two = (a: unknown, b: unknown): string => `${a}/${b}`;
const show = (label: string, compute: () => unknown): void => {
  n = 1;
  part.v = 3;
  list[0] = 10;
  console.log(label, compute(), n, part.v, list.join());
};
show('call and element', () => next() * list[next() & 1]!);
show('call and member', () => next() - part.v);
show('sum and element', () => next() - 0.5 - list[n & 1]!);
show('name and call', () => n + next());
show('name and method', () => n - part.grow());
show('name and its change', () => n * (n = n + 5));
show('members and calls', () => part.grow() + part.self().v * list[0]!);
show('comparing', () => n < next() && next() > n);
show('bits', () => (n | next()) & (next() ^ n));
show('arguments', () => two(n, next()) + two(n + 1, part.grow()) + two((next(), n), next()));
show('list and object', () => [n, next(), { a: n, b: next() }.a].join());
show('compound', () => {
  n += next();
  n -= list[next() & 1]!;
  part.v += next();
  list[n & 1] += next();
  return n;
});
show('text', () => `${n} ${next()} ${n}`);
show('in a loop', () => {
  let sum = 0;
  for (let i = 0; i < 3; i++) sum = sum + next() * n + part.v;
  return sum;
});
const waiting = async (): Promise<void> => {
  let total = 1;
  const later = async (): Promise<number> => {
    total = 10;
    return 5;
  };
  console.log('await', total + (await later()), total);
};
waiting();
function* asking(): Generator<number, number, number> {
  let given = 1;
  const change = (): void => {
    given = 7;
  };
  const sum = given + (yield 1);
  change();
  return sum + given;
}
const asked = asking();
asked.next();
console.log('yield', asked.next(4).value);

export {};
