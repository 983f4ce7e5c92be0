// expect HED120
// construct: element access
console.log(new Uint8Array(2)[0.5]);
