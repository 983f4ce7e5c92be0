// Closures made between awaits.
(async () => {
  const fs: any[] = [];
  for (let i = 0; i < 3; i++) {
    const k = i;
    await null;
    fs.push(() => k);
  }
  let w = 0;
  while (w < 3) {
    const k = w;
    await null;
    fs.push(() => k);
    w++;
  }
  console.log(fs.map((f) => f()).join(','));
})();

export {};
