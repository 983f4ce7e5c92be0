// linked list, a small program of the kind a kernel is made of.
class Node2 {
  v: number;
  prev: any = null;
  next: any = null;
  constructor(v: number) {
    this.v = v;
  }
}
class DL {
  head: any = null;
  tail: any = null;
  n = 0;
  add(v: number): any {
    const x = new Node2(v);
    if (this.tail === null) this.head = x;
    else {
      this.tail.next = x;
      x.prev = this.tail;
    }
    this.tail = x;
    this.n++;
    return x;
  }
  del(x: any): void {
    if (x.prev === null) this.head = x.next;
    else x.prev.next = x.next;
    if (x.next === null) this.tail = x.prev;
    else x.next.prev = x.prev;
    this.n--;
  }
  str(): string {
    let s = '';
    let p = this.head;
    while (p !== null) {
      s += `${p.v},`;
      p = p.next;
    }
    return s;
  }
}
const d = new DL();
const a = d.add(1);
const b = d.add(2);
const c = d.add(3);
d.del(b);
console.log(d.str(), d.n);
d.del(a);
d.del(c);
console.log(d.str(), d.n, d.head === null);

export {};
