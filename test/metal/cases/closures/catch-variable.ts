// The variable of a catch clause, captured.
const fs: any[] = [];
for (let i = 0; i < 3; i++) {
  try {
    throw i;
  } catch (e) {
    fs.push(() => e);
  }
}
console.log(fs.map((f) => f()).join(','));

export {};
