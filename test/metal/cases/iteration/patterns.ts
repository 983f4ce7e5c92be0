// Patterns in the head of for-of.
const o: string[] = [];
for (const { a, b: { c = 7 } = {}, ...r } of [
  { a: 1, b: { c: 2 }, z: 1 },
  { a: 3, q: 9 },
] as any[])
  o.push(`${a}${c}${Object.keys(r).join('')}`);
for (const [x, , y = 5, ...zs] of [
  [1, 2, 3, 4],
  [1, 2],
] as any[])
  o.push(`${x}${y}${zs.length}`);
console.log(o.join(','));

export {};
