// Closures made in a generator.
function* g() {
  for (let i = 0; i < 3; i++) {
    const k = i;
    yield () => k;
  }
}
const fs = [...g()];
console.log(fs.map((f) => f()).join(','));

export {};
