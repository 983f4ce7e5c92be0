// expect HED158
// construct: extends a built-in
export class Rows extends Array<number> {}
