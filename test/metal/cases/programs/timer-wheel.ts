// timer wheel, a small program of the kind a kernel is made of.
interface Entry {
  rounds: number;
  f: () => void;
}
class Wheel {
  slots: Entry[][] = [];
  cur = 0;
  constructor(n: number) {
    for (let i = 0; i < n; i++) this.slots.push([]);
  }
  add(d: number, f: () => void): void {
    const n = this.slots.length;
    const s = (this.cur + d) % n;
    this.slots[s].push({ rounds: Math.floor(d / n), f });
  }
  tick(): void {
    this.cur = (this.cur + 1) % this.slots.length;
    const l = this.slots[this.cur];
    const keep: Entry[] = [];
    for (const e of l) {
      if (e.rounds > 0) {
        e.rounds--;
        keep.push(e);
      } else e.f();
    }
    this.slots[this.cur] = keep;
  }
}
const w = new Wheel(4);
const o: string[] = [];
let t = 0;
for (const d of [1, 3, 4, 6, 9]) {
  const dd = d;
  w.add(d, () => {
    o.push(`${dd}@${t}`);
  });
}
for (t = 1; t <= 10; t++) w.tick();
console.log(o.join(' '));

export {};
