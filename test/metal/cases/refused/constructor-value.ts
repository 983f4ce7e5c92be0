// expect HED118
const kinds = [Uint8Array, Uint16Array];
console.log(kinds.length);
