// How many jobs each kind of waiting takes.
const tick = async (n: string, k: number) => {
  for (let i = 0; i < k; i++) {
    await null;
    console.log(`${n}${i}`);
  }
};
tick('t', 8);
(async () => {
  await (async () => Promise.resolve(1))();
  console.log('return promise');
})();
(async () => {
  await (async () => 1)();
  console.log('return value');
})();
new Promise((r) => r(Promise.resolve(1))).then(() => console.log('resolve promise'));
Promise.resolve(1)
  .then(() => Promise.resolve(2))
  .then(() => console.log('then promise'));
(async () => {
  const thenable: any = {
    then(r: any) {
      r(1);
    },
  };
  await thenable;
  console.log('thenable');
})();
Promise.all([1, Promise.resolve(2)]).then(() => console.log('all'));
Promise.race([1, Promise.resolve(2)]).then(() => console.log('race'));
Promise.allSettled([1, Promise.resolve(2)]).then(() => console.log('settled'));
Promise.any([1, Promise.resolve(2)]).then(() => console.log('any'));
Promise.reject(1)
  .catch(() => console.log('catch'))
  .then(() => console.log('catch then'));

export {};
