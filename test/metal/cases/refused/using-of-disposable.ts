// expect HED001
// construct: using
export const f = (): void => {
  using handle = { [Symbol.dispose]: () => {} };
  console.log(handle);
};
