// expect HED158
export class Names extends Map<number, string> {}
