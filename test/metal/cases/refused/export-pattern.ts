// expect HED009
// construct: exported declaration
export const { a, b } = { a: 1, b: 2 };
