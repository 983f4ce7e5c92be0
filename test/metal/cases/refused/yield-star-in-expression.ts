// expect HED154
// construct: yield*
function* inner(): Generator<number, number> {
  yield 1;
  return 2;
}
export function* outer(): Generator<number> {
  yield (yield* inner()) + 1;
}
