// Jobs of await and of then() interleave.
Promise.resolve()
  .then(() => console.log('a'))
  .then(() => console.log('c'));
Promise.resolve()
  .then(() => console.log('b'))
  .then(() => console.log('d'));
(async () => {
  console.log('s');
  await null;
  console.log('e');
  await null;
  console.log('f');
})();
console.log('end');

export {};
