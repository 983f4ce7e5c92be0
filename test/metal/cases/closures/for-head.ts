// The variables of a for head are those of their round.
const fs: any[] = [];
for (let i = 0, j = 10; i < 3; i++, j--) {
  fs.push(() => `${i}${j}`);
}
console.log(fs.map((f) => f()).join(','));

export {};
