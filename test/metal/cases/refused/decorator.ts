// expect HED160
// construct: decorator
const mark = (_: unknown, __: unknown): void => {};
@mark
export class Marked {}
