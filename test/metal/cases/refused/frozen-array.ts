// expect HED116
console.log(Object.freeze([1, 2]));
