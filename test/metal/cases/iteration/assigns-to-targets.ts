// for-of that assigns to what is there.
let x: any;
const o: any = {};
const l: string[] = [];
for (x of [1, 2]) l.push(`${x}`);
for (o.p of [3, 4]) l.push(`${o.p}`);
for ([x, o.q] of [[5, 6]]) l.push(`${x}${o.q}`);
console.log(l.join(','));

export {};
