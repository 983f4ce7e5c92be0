// expect HED164
var old = 1;
console.log(old);

export {};
