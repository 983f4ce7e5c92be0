// A parameter that changes after it was captured.
const fs: any[] = [];
const f = (x: number) => {
  fs.push(() => x);
  x++;
};
f(1);
f(2);
console.log(fs.map((f) => f()).join(','));

export {};
