// expect HED100
// construct: bigint literal
console.log(5n + 3n);
