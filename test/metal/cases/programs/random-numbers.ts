// random numbers, a small program of the kind a kernel is made of.
const mk = (seed: number): (() => number) => {
  let s = seed;
  return () => {
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    return s >>> 0;
  };
};
const r = mk(12345);
console.log(r(), r(), r(), r());
const lcg = (s: number): number => (Math.imul(s, 1664525) + 1013904223) >>> 0;
console.log(lcg(1), lcg(lcg(1)));

export {};
