// Errors in async generators.
async function* bad() {
  yield 1;
  throw new RangeError('agen');
}
(async () => {
  try {
    for await (const x of bad()) console.log(`${x}`);
  } catch (e) {
    console.log(`${e}`);
  }
})();
async function* tryer() {
  try {
    yield await Promise.reject(new Error('in'));
  } catch (e) {
    yield `c ${e}`;
  }
}
(async () => {
  for await (const x of tryer()) console.log(`${x}`);
})();

export {};
