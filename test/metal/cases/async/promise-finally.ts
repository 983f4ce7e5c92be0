// finally() of promises.
const tick = async () => {
  for (let i = 0; i < 8; i++) {
    await null;
    console.log(`t${i}`);
  }
};
tick();
Promise.resolve(1)
  .finally(() => {
    console.log('f1');
    return 9;
  })
  .then((v) => console.log(`v${v}`));
Promise.reject(new Error('x'))
  .finally(() => console.log('f2'))
  .catch((e) => console.log(`${e}`));
Promise.resolve(2)
  .finally(() => {
    throw new Error('ff');
  })
  .catch((e) => console.log(`${e}`));
Promise.resolve(3)
  .finally(() => Promise.resolve(4))
  .then((v) => console.log(`w${v}`));
Promise.resolve(5)
  .finally(undefined)
  .then((v) => console.log(`u${v}`));
const pp: Promise<number> = (async () => 7)();
pp.finally(() => {}).then((v) => console.log(`z${v}`));

export {};
