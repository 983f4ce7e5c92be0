// Closures that keep state of their own.
const mk = (n: number) => {
  const fs: any[] = [];
  for (let i = 0; i < n; i++) {
    let acc = 0;
    fs.push({
      add: (v: number) => {
        acc += v + i;
        return acc;
      },
    });
  }
  return fs;
};
const o = mk(3);
o[0].add(1);
o[1].add(2);
console.log(`${o[0].add(1)} ${o[1].add(1)} ${o[2].add(1)}`);

export {};
