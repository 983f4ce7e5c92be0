// expect HED154
// construct: yield*
async function* inner() {
  yield 1;
}
export async function* outer() {
  yield* inner();
}
