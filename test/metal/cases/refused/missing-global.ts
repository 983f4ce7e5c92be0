// expect HED001
console.log(structuredClone({ a: 1 }));
