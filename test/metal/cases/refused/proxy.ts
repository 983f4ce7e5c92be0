// expect HED113
console.log(new Proxy({}, {}));
