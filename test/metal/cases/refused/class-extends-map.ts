// expect HED158
// construct: extends a built-in
export class Names extends Map<number, string> {}
