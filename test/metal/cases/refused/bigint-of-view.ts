// expect HED100
console.log(String(new DataView(new ArrayBuffer(8)).getBigInt64(0)));
