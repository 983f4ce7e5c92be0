// expect HED114
console.log(`${{ [Symbol.toPrimitive]: () => 1 }}`);
