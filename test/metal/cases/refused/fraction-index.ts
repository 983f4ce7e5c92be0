// expect HED120
console.log(new Uint8Array(2)[0.5]);
