// `+` with a string joins, whatever the other side is and however long the chain.
interface Named {
  readonly name: string;
}
const chain = (s: string, n: number): string => s + n + 1 + 'x' + (n + 1) + n * 2;
const numbersFirst = (a: number, b: number, s: string): string => a + b + s + a + b;
const member = (o: Named, i: number): string => o.name + i + i;
const element = (list: readonly string[], i: number): string => list[0] + i + 'x' + list[1] + i;
const converted = (n: number): string => n.toString() + n + 1 + (String(n) + 1 + 2);
console.log(chain('a', 2), numbersFirst(1, 2, '-'), member({ name: 'n' }, 3), element(['p', 'q'], 4), converted(5));
let text = '';
text += 'a';
text += 1;
text += 2 + 3;
text += null;
text += undefined;
text += true;
text += [1, [2, 3]];
console.log(text);
const box = { text: 'x', list: ['y'] };
box.text += 1 + 2;
box.list[0] += 'z' + 1;
console.log(box.text, box.list);
console.log(
  'a' + 1,
  1 + 'a',
  'a' + null,
  undefined + 'a',
  'a' + true,
  'a' + [1, [2]],
  'a' + -0,
  'a' + 1e21,
  'a' + {},
  `${1}${'b'}` + 2 + `c`,
);
class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
  toString(): string {
    return `(${this.x}, ${this.y})`;
  }
}
console.log('at ' + new Point(1, 2) + '!', `${new Point(3, 4)}`, String(new Point(5, 6)));
const either: string | number = [1, 'one'][1] ?? 0;
console.log('either ' + either, either + ' either');
