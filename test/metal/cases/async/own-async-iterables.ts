// Classes with [Symbol.asyncIterator].
class Ticker {
  i = 0;
  [Symbol.asyncIterator]() {
    return {
      next: async () => ({ value: this.i++, done: this.i > 3 }),
      return: async () => {
        console.log('tclosed');
        return { value: undefined, done: true as const };
      },
    };
  }
}
(async () => {
  for await (const x of new Ticker()) console.log(`${x}`);
  for await (const x of new Ticker()) {
    if (x === 1) break;
  }
  for (const x of [1]) {
    await null;
    console.log('after');
  }
})();

export {};
