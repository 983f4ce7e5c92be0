// expect HED101
// construct: loose equality
const one: unknown = 1;
console.log(one == 1, one != 2);
