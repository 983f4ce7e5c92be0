// continue and return in a loop whose variables are captured.
const fs: any[] = [];
let i = 0;
const f = () => {
  while (i < 6) {
    const k = i;
    i++;
    if (k % 2) continue;
    if (k > 4) return 'x';
    fs.push(() => k);
    {
      const q = k * 2;
      fs.push(() => q);
    }
  }
  return 'y';
};
console.log(f(), fs.map((f) => f()).join(','));

export {};
