// expect HED117
// construct: array hole
console.log([1, , 3]);
