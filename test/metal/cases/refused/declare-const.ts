// expect HED008
// construct: declare
declare const host: string;
console.log(host);
