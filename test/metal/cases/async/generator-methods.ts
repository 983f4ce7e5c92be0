// Async generator methods.
class Source {
  n = 2;
  async *items() {
    for (let i = 0; i < this.n; i++) {
      await null;
      yield i + this.n;
    }
    return 'x';
  }
  async *[Symbol.asyncIterator]() {
    const g = () => this.n;
    yield g();
  }
}
(async () => {
  const s = new Source();
  for await (const v of s.items()) console.log(`${v}`);
  for await (const v of s) console.log(`s${v}`);
  const it = s.items();
  await it.next();
  await it.next();
  const e = await it.next();
  console.log(`${e.value} ${e.done}`);
})();

export {};
