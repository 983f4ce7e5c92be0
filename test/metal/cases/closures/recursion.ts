// Each call has its own variables.
const f = (n: number): any[] => {
  const k = n;
  const me = () => k;
  return n === 0 ? [me] : [...f(n - 1), me];
};
console.log(
  f(3)
    .map((g) => g())
    .join(','),
);

export {};
