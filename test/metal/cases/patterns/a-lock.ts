// A lock: a small program as a kernel has them.
const lock = (): { run<T>(f: () => Promise<T>): Promise<T> } => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (f) => {
      const next = last.then(f, f);
      last = next.catch(() => undefined);
      return next;
    },
  };
};
const l = lock();
const trace: string[] = [];
for (let i = 0; i < 3; i++)
  void l
    .run(async () => {
      trace.push(`in${i}`);
      await null;
      if (i === 1) throw new Error('x');
      trace.push(`out${i}`);
      return i;
    })
    .then(
      (v) => trace.push(`v${v}`),
      (e) => trace.push(String(e)),
    )
    .finally(() => {
      if (i === 2) console.log(trace.join());
    });

export {};
