// A promise from outside: a small program as a kernel has them.
const wait = (): { promise: Promise<number>; resolve: (n: number) => void } => {
  let resolve!: (n: number) => void;
  const promise = new Promise<number>((r) => {
    resolve = r;
  });
  return { promise, resolve };
};
const w = wait();
void (async () => {
  for (let i = 0; i < 2; i++) {
    const x = await w.promise;
    console.log([i].map((q) => q + x).join());
  }
})();
w.resolve(5);
console.log('sync');

export {};
