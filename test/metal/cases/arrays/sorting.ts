const names = ['b', 'a', 'C', 'ä', '10', '9', '', 'aa', '\u{1f600}', '\uffff'];
console.log([...names].sort().join('|'), names.toSorted().join('|'), names.join('|'));
console.log([3, 20, 100, -1, 0.5].sort().join(), [3, 20, 100, -1, 0.5].sort((a, b) => a - b).join());
console.log([true, false, null, 'm', 5].sort().join());
const gaps: (number | undefined)[] = [3, undefined, 1, undefined, 2];
console.log(
  gaps.sort(),
  gaps.toSorted((a, b) => b! - a!),
  gaps.length,
);

// Stable: what is equal stays in order.
const people = Array.from({ length: 40 }, (_, index) => ({ index, age: (index * 7) % 5 }));
people.sort((a, b) => a.age - b.age);
console.log(people.map(({ index }) => index).join());
console.log(
  people
    .toSorted((a, b) => b.age - a.age)
    .map(({ index }) => index)
    .join(),
);

// Many, of all lengths about a power of two.
const random = (seed: number): number => (seed * 16_807) % 2_147_483_647;
for (const length of [0, 1, 2, 3, 7, 8, 9, 31, 32, 33, 500]) {
  const numbers: number[] = [];
  for (let i = 0, seed = length + 1; i < length; i++) {
    seed = random(seed);
    numbers.push(seed % 1000);
  }
  const sorted = numbers.toSorted((a, b) => a - b);
  console.log(
    length,
    sorted.every((value, i) => i === 0 || sorted[i - 1]! <= value),
    sorted.slice(0, 5).join(),
    sorted.at(-1),
  );
}

const list = [2, 1];
console.log(list.sort() === list, [].sort(), [1, 2, 3].sort(() => Number.NaN).join());
for (const order of [null, 5, {}] as unknown as ((a: number, b: number) => number)[]) {
  try {
    [2, 1].sort(order);
    console.log('sorted');
  } catch (error) {
    console.log((error as Error).name);
  }
}
try {
  [3, 2, 1].sort(() => {
    throw new RangeError('no order');
  });
} catch (error) {
  console.log((error as Error).message);
}
const sort = (values: string[]): string[] => values?.sort();
console.log(sort(['y', 'x']).join());
