// expect HED164
// construct: var
var old = 1;
console.log(old);

export {};
