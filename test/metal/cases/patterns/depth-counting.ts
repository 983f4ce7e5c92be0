// Depth counting: a small program as a kernel has them.
let depth = 0;
const nested = (n: number): string => {
  depth++;
  try {
    if (n === 0) return 'bottom';
    for (const k of [1]) {
      const r = [k].map(() => nested(n - 1));
      if (r.length) return r[0]!;
    }
    return 'none';
  } finally {
    depth--;
  }
};
console.log(nested(4), depth);

export {};
