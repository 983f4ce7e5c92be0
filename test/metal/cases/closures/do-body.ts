// Each round of a do loop has its own variables.
const fs: any[] = [];
let i = 0;
do {
  const k = i;
  let j = k;
  fs.push(() => k + j);
  j++;
  i++;
} while (3 > i);
console.log(fs.map((f) => f()).join(','));

export {};
