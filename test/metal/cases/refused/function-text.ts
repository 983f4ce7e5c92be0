// expect HED121
// construct: template literal
const twice = (x: number): number => x * 2;
console.log(`${twice}`);
