// event emitter, a small program of the kind a kernel is made of.
class Em {
  h = new Map();
  on(n: string, f: any): void {
    let l = this.h.get(n);
    if (!l) {
      l = [];
      this.h.set(n, l);
    }
    l.push(f);
  }
  emit(n: string, ...a: any[]): number {
    const l = this.h.get(n) ?? [];
    for (const f of l) f(...a);
    return l.length;
  }
}
const e = new Em();
let o = '';
e.on('x', (a: number, b: number) => {
  o += `${a}${b}`;
});
e.on('x', (a: number) => {
  o += a * 2;
});
console.log(e.emit('x', 3, 4), e.emit('nope'), o);

export {};
