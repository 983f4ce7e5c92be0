// Instances that point at one another.
class ListNode {
  next: ListNode | undefined;
  constructor(
    readonly value: number,
    next?: ListNode,
  ) {
    this.next = next;
  }
  *[Symbol.iterator](): Generator<number> {
    for (let at: ListNode | undefined = this; at; at = at.next) yield at.value;
  }
}
const list = new ListNode(1, new ListNode(2, new ListNode(3)));
console.log([...list].join());
class Tree {
  left: Tree | undefined;
  right: Tree | undefined;
  constructor(readonly v: number) {}
  insert(v: number): void {
    const side = v < this.v ? 'left' : 'right';
    const child = this[side];
    if (child) child.insert(v);
    else this[side] = new Tree(v);
  }
  *walk(): Generator<number> {
    if (this.left) {
      yield* this.left.walk();
    }
    yield this.v;
    if (this.right) {
      yield* this.right.walk();
    }
  }
}
const tree = new Tree(5);
for (const v of [3, 8, 1, 4, 9]) tree.insert(v);
console.log([...tree.walk()].join());

export {};
