// Generators that feed one another.
function* numbers(): Generator<number> {
  let n = 0;
  try {
    for (;;) yield n++;
  } finally {
    console.log('numbers closed');
  }
}
function* map<T, U>(source: Iterable<T>, f: (v: T) => U): Generator<U> {
  for (const v of source) yield f(v);
}
function* take<T>(source: Iterable<T>, n: number): Generator<T> {
  if (n <= 0) return;
  let left = n;
  for (const v of source) {
    yield v;
    if (--left === 0) return;
  }
}
function* zip<A, B>(a: Iterable<A>, b: Iterable<B>): Generator<[A, B]> {
  const ib = b[Symbol.iterator]();
  for (const va of a) {
    const sb = ib.next();
    if (sb.done) return;
    yield [va, sb.value];
  }
}
console.log(
  [
    ...take(
      map(numbers(), (n) => n * n),
      4,
    ),
  ].join(),
);
for (const [n, s] of zip(numbers(), 'abc')) console.log(n, s);
console.log(Array.from(take(new Set([1, 2, 3]), 2)).join());

export {};
