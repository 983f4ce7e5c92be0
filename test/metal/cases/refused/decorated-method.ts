// expect HED160
// construct: decorator
const mark = (_: unknown, __: unknown): void => {};
export class Marks {
  @mark
  run(): void {}
}
