// expect HED117
console.log([1, , 3]);
