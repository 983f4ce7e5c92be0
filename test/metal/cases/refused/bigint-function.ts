// expect HED100
console.log(BigInt(5));
