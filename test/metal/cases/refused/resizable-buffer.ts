// expect HED113
// construct: ArrayBuffer.prototype.resize
const buffer = new ArrayBuffer(4);
buffer.resize(8);
