// Retrying: a small program as a kernel has them.
const retry = async <T>(times: number, f: (n: number) => Promise<T>): Promise<T> => {
  let last: unknown;
  for (let n = 1; n <= times; n++) {
    try {
      return await f(n);
    } catch (e) {
      last = e;
      console.log(`try ${n}: ${String(e)}`);
    } finally {
      console.log(`done ${n}`);
    }
  }
  throw new Error('all failed', { cause: last });
};
void (async () => {
  console.log(
    await retry(3, async (n) => {
      await null;
      if (n < 3) throw new RangeError(`no ${n}`);
      return `ok ${n}`;
    }),
  );
  try {
    await retry(1, async () => {
      throw new TypeError('never');
    });
  } catch (e) {
    console.log(String(e), String((e as Error).cause));
  }
})();

export {};
