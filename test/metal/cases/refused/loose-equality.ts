// expect HED101
const one: unknown = 1;
console.log(one == 1, one != 2);
