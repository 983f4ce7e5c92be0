// binary heap, a small program of the kind a kernel is made of.
class Heap {
  a: number[] = [];
  push(v: number): void {
    const a = this.a;
    a.push(v);
    let i = a.length - 1;
    while (i > 0) {
      const p = (i - 1) >> 1;
      if (a[p] <= a[i]) break;
      const t = a[p];
      a[p] = a[i];
      a[i] = t;
      i = p;
    }
  }
  pop(): number {
    const a = this.a;
    const r = a[0];
    const l = a.pop() as number;
    if (a.length > 0) {
      a[0] = l;
      let i = 0;
      for (;;) {
        let m = i;
        const x = 2 * i + 1;
        const y = x + 1;
        if (x < a.length && a[x] < a[m]) m = x;
        if (y < a.length && a[y] < a[m]) m = y;
        if (m === i) break;
        const t = a[m];
        a[m] = a[i];
        a[i] = t;
        i = m;
      }
    }
    return r;
  }
}
const h = new Heap();
for (const x of [5, 3, 9, -1, 7, 0, 3]) h.push(x);
const o: number[] = [];
while (h.a.length) o.push(h.pop());
console.log(o.join(','));

export {};
