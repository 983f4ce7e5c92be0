// Short circuits, optional chains, nullish and logical assignment evaluate what they must and once.
let log = '';
const say = <T>(name: string, value: T): T => {
  log += name;
  return value;
};
console.log(say('a', 0) || say('b', 'x'), say('c', 0) ?? say('d', 'y'), say('e', '') && say('f', 'z'), log);
let n: number | null = null;
let zero = 0;
let one = 1;
n ??= say('g', 5);
zero ||= say('h', 7);
one &&= say('i', 9);
zero ??= say('j', 1);
console.log(n, zero, one, log);
interface Tree {
  value?: number;
  left?: Tree | null;
  read?: () => number;
}
const tree: Tree = { left: { value: 1, read: () => 2 } };
console.log(
  tree.left?.value,
  tree.left?.left?.value,
  tree.left?.read?.(),
  tree.read?.(),
  tree?.['left']?.['value'],
  tree.left?.left?.left?.read?.() ?? 'none',
);
const counts: Record<string, number> = {};
for (const letter of 'hello') counts[letter] = (counts[letter] ?? 0) + 1;
counts['x'] ??= 3;
counts['h']! += 10;
counts['e']!++;
console.log(counts, 'x' in counts, delete counts['x'], 'x' in counts, typeof counts, void 0);
const truths: unknown[] = ['', '0', NaN, [], null, -0, {}, Symbol('s'), ' '];
console.log(
  truths.map((value) => !value),
  truths.map((value) => (value ? 1 : 0)),
  truths.map((value) => typeof value),
  typeof say,
);
for (let i = 0, j = 5; i < j; i++, j--) console.log(i, j);
