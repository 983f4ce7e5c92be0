// expect HED122
console.log(1 in new Uint8Array(2));
