// all, race, any and allSettled.
const p = (v: any, fail = false) => new Promise<any>((res, rej) => (fail ? rej(new Error(v)) : res(v)));
(async () => {
  console.log((await Promise.all([p(1), p(2), 3])).join(','));
  console.log(await Promise.race([p('x'), p('y')]));
  console.log(await Promise.any([p('bad', true), p('good')]));
  const s: any = await Promise.allSettled([p(1), p('e', true)]);
  console.log(`${s[0].status} ${s[0].value} ${s[1].status} ${s[1].reason.message}`);
  try {
    await Promise.all([p(1), p('boom', true)]);
  } catch (e: any) {
    console.log(`c ${e.message}`);
  }
  try {
    await Promise.any([p('a', true)]);
  } catch (e: any) {
    console.log(`${e.constructor.name} ${e.errors.length}`);
  }
  console.log(`${(await Promise.all([])).length} ${(await Promise.allSettled([])).length}`);
  console.log((await Promise.all(new Set([p(1), 2]))).join());
})();

export {};
