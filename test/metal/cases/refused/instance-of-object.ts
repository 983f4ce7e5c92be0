// expect HED119
const value: unknown = [];
console.log(value instanceof Object);
