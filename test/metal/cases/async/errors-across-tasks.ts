// Rejections, handled where they surface.
const fail = async (after: number): Promise<never> => {
  for (let i = 0; i < after; i++) await null;
  throw new Error(`after ${after}`);
};
const guard = async (n: number): Promise<string> => {
  try {
    await fail(n);
    return 'no';
  } catch (e) {
    return String(e);
  } finally {
    console.log('guarded', n);
  }
};
void (async () => {
  console.log(await guard(2));
  console.log((await Promise.allSettled([fail(1), guard(0), 3])).map((r) => r.status).join());
  const results = await Promise.all(
    [1, 2, 3].map(async (n) => {
      await null;
      return n * 2;
    }),
  );
  console.log(results.join());
  const first = await Promise.race([guard(3), (async () => 'fast')()]);
  console.log(first);
  try {
    await Promise.all([guard(1), fail(2)]);
  } catch (e) {
    console.log('all:', String(e));
  }
  for (const n of [1, 0]) {
    try {
      if (n) await fail(n);
      else await Promise.reject(new TypeError('t'));
    } catch (e) {
      console.log(String(e));
      continue;
    } finally {
      console.log('next');
    }
  }
})();

export {};
