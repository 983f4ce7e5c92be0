// expect HED128
// construct: element access
const list = [3, 1, 10];
console.log(Math['round'](-0.5), list['sort']());
