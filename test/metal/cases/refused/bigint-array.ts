// expect HED100
console.log(new BigInt64Array(2).length);
