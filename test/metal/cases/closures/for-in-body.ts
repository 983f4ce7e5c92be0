// for-in: the key and a variable of the body, captured.
const fs: any[] = [];
for (const k in { a: 1, b: 2 }) {
  const v = `${k}!`;
  fs.push(() => v + k);
}
console.log(fs.map((f) => f()).join(','));

export {};
