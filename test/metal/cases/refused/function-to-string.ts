// expect HED121
// construct: Function.prototype.toString
<<<<<<< HEAD
const add = (a: number, b: number): number => a + b;
console.log(add.toString());
=======
const twice = (x: number): number => x * 2;
console.log(twice.toString());
>>>>>>> 2c5a22c (dialect: %o is refused (HED129), and the text of a function by its method, too (HED121))
