// for (;;) with captured variables.
const fs: any[] = [];
for (;;) {
  const k = fs.length;
  fs.push(() => k);
  if (k > 2) break;
}
console.log(fs.map((f) => f()).join(','));

export {};
