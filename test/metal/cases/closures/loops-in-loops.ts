// Captured variables of nested loops.
const fs: any[] = [];
let n = 3;
while (n-- > 0) {
  const m = n;
  for (let z = 0; z < 2; z++) {
    const y = m * 10 + z;
    fs.push(() => y + z);
  }
}
console.log(fs.map((f) => f()).join(','));

export {};
