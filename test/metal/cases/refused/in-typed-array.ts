// expect HED122
// construct: in
console.log(1 in new Uint8Array(2));
