// expect HED001
// construct: await using
export const f = async (): Promise<void> => {
  await using handle = { [Symbol.asyncDispose]: async () => {} };
  console.log(handle);
};
