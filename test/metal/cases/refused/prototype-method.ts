// expect HED123
console.log(Object.prototype.toString.call([]));
