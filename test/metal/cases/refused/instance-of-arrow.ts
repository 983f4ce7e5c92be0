// expect HED119
// construct: instanceof
const make = (): object => ({});
console.log({} instanceof make);
