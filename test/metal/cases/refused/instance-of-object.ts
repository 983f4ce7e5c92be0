// expect HED119
// construct: instanceof
const value: unknown = [];
console.log(value instanceof Object);
