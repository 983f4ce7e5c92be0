// Rejections that pass through many async functions.
const w = async (n: number): Promise<number> => {
  if (n === 0) {
    await null;
    throw new Error('bottom');
  }
  try {
    return await w(n - 1);
  } catch (e) {
    if (n % 2 === 0) throw e;
    return n;
  }
};
(async () => {
  for (let i = 0; i < 6; i++) {
    try {
      console.log(`${await w(i)}`);
    } catch (e) {
      console.log(`${e}`);
    }
  }
})();

export {};
