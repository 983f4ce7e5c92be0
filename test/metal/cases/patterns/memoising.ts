// Memoising: a small program as a kernel has them.
const memo = <A, R>(f: (a: A) => R): ((a: A) => R) => {
  const seen = new Map<A, R>();
  return (a) => {
    if (seen.has(a)) return seen.get(a)!;
    const r = f(a);
    seen.set(a, r);
    return r;
  };
};
const fib: (n: number) => number = memo((n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2)));
console.log(fib(40));

export {};
