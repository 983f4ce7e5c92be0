// Object methods: a small program as a kernel has them.
const o = {
  n: 1,
  async *items(): AsyncGenerator<number> {
    for (let i = 0; i < 2; i++) yield this.n + i;
  },
  *sync(): Generator<number> {
    for (const q of [1, 2]) {
      const f = (): number => this.n * q;
      yield f();
    }
  },
  async later(): Promise<number> {
    for (const q of [1, 2]) {
      await null;
      const f = (): number => this.n * q;
      if (f() === 2) return f();
    }
    return 0;
  },
};
void (async () => {
  for await (const x of o.items()) console.log(x);
  console.log([...o.sync()].join(), await o.later());
})();

export {};
