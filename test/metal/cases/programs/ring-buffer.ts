// ring buffer, a small program of the kind a kernel is made of.
class Ring {
  buf: Uint8Array;
  head = 0;
  tail = 0;
  mask: number;
  constructor(n: number) {
    this.buf = new Uint8Array(n);
    this.mask = n - 1;
  }
  push(v: number): boolean {
    const nx = (this.head + 1) & this.mask;
    if (nx === this.tail) return false;
    this.buf[this.head] = v;
    this.head = nx;
    return true;
  }
  pop(): number {
    if (this.head === this.tail) return -1;
    const v = this.buf[this.tail];
    this.tail = (this.tail + 1) & this.mask;
    return v;
  }
  get size(): number {
    return (this.head - this.tail) & this.mask;
  }
}
const r = new Ring(8);
let ok = 0;
for (let i = 0; i < 10; i++) if (r.push(i * 31)) ok++;
console.log(ok, r.size, r.pop(), r.pop(), r.size, r.push(300), r.size);
let s = 0;
let v = r.pop();
while (v >= 0) {
  s += v;
  v = r.pop();
}
console.log(s);

export {};
