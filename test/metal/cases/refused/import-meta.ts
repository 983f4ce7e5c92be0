// expect HED005
// construct: import.meta
console.log(typeof import.meta);

export {};
