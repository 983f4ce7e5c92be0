// Rest parameters in for-of.
const f = (...a: number[]) => {
  let s = 0;
  for (const x of a) s += x;
  return s;
};
console.log(`${f(1, 2)}`);

export {};
