// expect HED001
// construct: using
export const f = (): void => {
  using handle = { close: () => {} };
  console.log(handle);
};
