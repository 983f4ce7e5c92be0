// expect HED121
// construct: Function.prototype.toString
const add = (a: number, b: number): number => a + b;
console.log(add.toString());
