// Typed arrays in for-of.
let s = 0;
for (const b of new Uint8Array([1, 2, 250])) s += b;
for (const b of new Float64Array([0.5, 2])) s += b;
console.log(`${s}`);

export {};
