// expect HED151
// construct: for
const fs: (() => number)[] = [];
for (let i = 0; i < 6; i++) {
  fs.push(() => i);
  i++;
}

export {};
