// Each round of a while loop has its own constants.
const fs: any[] = [];
let i = 0;
while (3 > i) {
  const k = i;
  fs.push(() => k);
  i++;
}
console.log(fs.map((f) => f()).join(','));

export {};
