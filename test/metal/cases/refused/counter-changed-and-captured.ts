// expect HED151
const fs: (() => number)[] = [];
for (let i = 0; i < 6; i++) {
  fs.push(() => i);
  i++;
}

export {};
