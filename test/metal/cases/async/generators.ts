// Async generators: queued requests, return, throw, for await.
async function* ag() {
  try {
    yield 1;
    yield 2;
    await null;
    yield 3;
  } finally {
    console.log('agfin');
  }
}
(async () => {
  const i = ag();
  const p = i.next();
  console.log(`${p instanceof Promise} ${(await p).value}`);
  const [b, c, d] = await Promise.all([i.next(), i.next(), i.next()]);
  console.log(`${b.value} ${c.value} ${d.done}`);
  const i2 = ag();
  await i2.next();
  const r = await i2.return(8 as any);
  console.log(`${r.value} ${r.done}`);
  const z = await i2.next();
  console.log(`${z.done}`);
  const i3 = ag();
  await i3.next();
  try {
    await i3.throw(new Error('t'));
  } catch (e: any) {
    console.log(`thrown ${e.message}`);
  }
  for await (const x of ag()) console.log(`v${x}`);
  for await (const x of [Promise.resolve(1), 2]) console.log(`w${x}`);
  for await (const x of ag()) {
    if (x === 2) break;
    console.log(`x${x}`);
  }
  try {
    for await (const x of [Promise.reject(new Error('rj')), 5]) console.log(`n${x}`);
  } catch (e) {
    console.log(`${e}`);
  }
  lab: for await (const x of ag()) {
    for (const y of [1, 2]) {
      if (x === 1) continue lab;
      console.log(`${x}${y}`);
      break lab;
    }
  }
  const f = async () => {
    for await (const x of ag()) {
      if (x === 2) return `ret${x}`;
    }
    return 'no';
  };
  console.log(await f());
})();

export {};
