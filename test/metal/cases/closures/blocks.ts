// Captured variables of blocks.
const fs: any[] = [];
{
  let k = 1;
  fs.push(() => k);
  k = 2;
}
{
  let k = 5;
  fs.push(() => k);
}
console.log(fs.map((f) => f()).join(','));

export {};
