// bitmap, a small program of the kind a kernel is made of.
class Bitmap {
  w: Uint32Array;
  n: number;
  constructor(n: number) {
    this.n = n;
    this.w = new Uint32Array((n + 31) >> 5);
  }
  set(i: number): void {
    this.w[i >> 5] |= 1 << (i & 31);
  }
  clr(i: number): void {
    this.w[i >> 5] &= ~(1 << (i & 31));
  }
  tst(i: number): boolean {
    return ((this.w[i >> 5] >>> (i & 31)) & 1) === 1;
  }
  find(): number {
    for (let i = 0; i < this.n; i++) if (!this.tst(i)) return i;
    return -1;
  }
}
const m = new Bitmap(70);
for (let i = 0; i < 33; i++) m.set(i);
console.log(m.find(), m.tst(31), m.tst(33));
m.clr(31);
console.log(m.find(), m.w[0].toString(16), m.w[1]);
m.set(69);
console.log(m.tst(69), m.tst(68));

export {};
