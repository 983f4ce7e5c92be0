// wide arithmetic, a small program of the kind a kernel is made of.
const add64 = (ah: number, al: number, bh: number, bl: number): number[] => {
  const lo = (al >>> 0) + (bl >>> 0);
  const hi = (ah + bh + (lo > 0xffffffff ? 1 : 0)) >>> 0;
  return [hi, lo >>> 0];
};
const r = add64(1, 0xffffffff, 0, 1);
console.log(r[0], r[1]);
const mul32 = (a: number, b: number): number[] => {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const ll = al * bl;
  const m = ah * bl + (ll >>> 16);
  const m2 = al * bh + (m & 0xffff);
  return [(ah * bh + (m2 >>> 16) + Math.floor(m / 65536)) >>> 0, ((m2 << 16) | (ll & 0xffff)) >>> 0];
};
const q = mul32(0xffffffff, 0xfffffffe);
console.log(q[0].toString(16), q[1].toString(16));

export {};
