// The rest of a pattern, captured.
const { a, ...rest } = { a: 1, b: 2, c: 3 };
const later = [(): number => rest.b + rest.c + a];
console.log(later[0]!(), Object.keys(rest).join());
const take =
  ({ a: first, ...others }: { a: number; b: number }): (() => number) =>
  () =>
    others.b * 10 + first;
console.log(take({ a: 1, b: 2 })());
const made: (() => string)[] = [];
for (const { id, ...more } of [
  { id: 1, x: 'p' },
  { id: 2, x: 'q' },
])
  made.push(() => `${id}${more.x}`);
console.log(made.map((m) => m()).join());
function named({ a: q, ...left }: { a: number; z: number }, ...tail: number[]): () => string {
  return () => `${q}${left.z}${tail.length}`;
}
console.log(named({ a: 1, z: 9 }, 1, 2)());

export {};
