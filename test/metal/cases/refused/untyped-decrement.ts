// expect HED129
// construct: decrement
export const before = (o: { n: any }): any => --o.n;
