// Patterns and defaults anywhere in a parameter list.
interface Point {
  x: number;
  y?: number;
}
const first = ({ x, y = 9 }: Point, factor: number): number => (x + y) * factor;
const middle = (a: number, [b, ...c]: number[], { x }: Point, d = b): string => `${a} ${b} ${c} ${x} ${d}`;
const early = (a: number, b = a * 2, c?: number): string => `${a} ${b} ${c}`;
const views = (buffer: number, size: number, offset = 0, length?: number): boolean =>
  length === undefined && buffer + size + offset > 0;
function named({ x }: Point = { x: 5 }, ...rest: Point[]): number {
  return x + rest.length;
}
class Box {
  readonly x: number;
  constructor({ x }: Point, scale = 1, note?: string) {
    this.x = note === undefined ? x * scale : -1;
  }
  set place({ x, y }: Point) {
    console.log('placed', x, y);
  }
  add({ x }: Point, [more]: readonly [number]): number {
    return this.x + x + more;
  }
}
console.log(first({ x: 1 }, 2), first({ x: 1, y: 2 }, 3), middle(1, [2, 3, 4], { x: 5 }), middle(1, [2], { x: 3 }, 4));
console.log(early(1), early(1, undefined, 3), early(1, 2), views(1, 2), views(1, 2, 3), views(1, 2, 3, 4));
console.log(
  named(),
  named({ x: 1 }, { x: 2 }),
  new Box({ x: 2 }).x,
  new Box({ x: 2 }, 3).x,
  new Box({ x: 2 }, 3, 'n').add({ x: 1 }, [5]),
);
new Box({ x: 0 }).place = { x: 7, y: 8 };
console.log(
  [{ x: 1 }, { x: 2 }].map(({ x }, i) => x * 10 + i),
  [
    [1, 2],
    [3, 4],
  ].reduce((sum, [a, b]) => sum + (a ?? 0) * (b ?? 0), 0),
);
