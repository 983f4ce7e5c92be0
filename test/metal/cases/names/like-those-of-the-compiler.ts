// A variable may be called like one that the compiler makes for an operand that it keeps; another of the name in the program makes it choose a new one.

let count = 0;
const kept: number[] = [];

const next = (): number => {
  count += 1;
  return count;
};

const other = (kept: number): number => kept * 2;

const twice = (): number => {
  const first = count + next();
  const second = count + next();
  kept.push(first, second);
  return count + next() + kept.length;
};

console.log(twice(), other(4), kept, count);
