// expect HED158
// construct: extends null
export class Nothing extends null {}
