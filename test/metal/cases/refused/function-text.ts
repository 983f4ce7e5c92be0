// expect HED121
const twice = (x: number): number => x * 2;
console.log(`${twice}`);
