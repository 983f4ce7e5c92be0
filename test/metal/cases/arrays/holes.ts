// Arrays with holes, made without writing them.
const sparse: (number | undefined)[] = new Array(3);
console.log(sparse, sparse.length, 1 in sparse, sparse[0]);
sparse[1] = 1;
console.log(
  sparse,
  Object.keys(sparse),
  sparse.join('-'),
  sparse.map((x) => x ?? 7),
  sparse.indexOf(undefined),
  sparse.includes(undefined),
  sparse.findIndex((x) => x === undefined),
);
let visits = 0;
sparse.forEach(() => visits++);
console.log(
  visits,
  [...sparse],
  sparse.filter(() => true),
  sparse.some((x) => x === undefined),
  sparse.every((x) => x === 1),
  sparse.reduce((a, b) => (a ?? 0) + (b ?? 0)),
);
const list: number[] = [1, 2, 3];
list[6] = 7;
console.log(list, list.length);
delete list[0];
console.log(list, 0 in list, [list, [list]].flat(2).length);
list.length = 2;
console.log(list, list.length);
const grow = (n: number): void => {
  list.length = n;
};
grow(4);
console.log(list);
try {
  grow(-1);
} catch (error) {
  console.log(error instanceof RangeError);
}
console.log(String(list), [5, list].toString(), new Array(101).fill(0).length);
