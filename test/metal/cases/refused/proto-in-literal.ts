// expect HED112
// construct: object literal
const base = { inherited: 1 };
export const derived = { __proto__: base };
