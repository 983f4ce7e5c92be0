// Permutations: a small program as a kernel has them.
function* walk(n: number, path: number[] = []): Generator<number[]> {
  if (path.length === n) {
    yield path;
    return;
  }
  for (let i = 0; i < n; i++) {
    if (path.some((p) => p === i)) continue;
    yield* walk(n, [...path, i]);
  }
}
console.log([...walk(3)].map((p) => p.join('')).join());

export {};
