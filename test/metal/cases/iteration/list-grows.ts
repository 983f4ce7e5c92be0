// A list that grows while it is walked.
const a = [1, 2, 3];
const o: number[] = [];
for (const x of a) {
  o.push(x);
  if (x < 3 && a.length < 6) a.push(x * 10);
}
console.log(o.join(','));

export {};
