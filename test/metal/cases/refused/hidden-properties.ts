// expect HED132
// construct: console.log
console.log('%o', [1]);
