// Captured variables of try, catch and finally in a while loop.
const fs: any[] = [];
let i = 0;
while (i < 3) {
  try {
    const k = i;
    fs.push(() => k);
    if (i === 1) throw i;
  } catch (e) {
    const c = `e${e}`;
    fs.push(() => `${c}${e}`);
  } finally {
    i++;
  }
}
console.log(fs.map((f) => f()).join(','));

export {};
