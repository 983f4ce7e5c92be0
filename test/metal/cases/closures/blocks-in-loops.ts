// Captured variables of blocks inside loops.
const fs: any[] = [];
for (let i = 0; i < 3; i++) {
  {
    let k = i;
    fs.push(() => k);
  }
  {
    let k = i * 100;
    fs.push(() => k);
  }
  if (i > 0) {
    const z = i + 1000;
    fs.push(() => z);
  }
  switch (i) {
    case 1: {
      const c = `c${i}`;
      fs.push(() => c);
    }
  }
}
console.log(fs.map((f) => f()).join(','));

export {};
