// A Map that changes while it is walked.
const m = new Map([
  ['a', 1],
  ['b', 2],
]);
const o: string[] = [];
for (const [k, v] of m) {
  o.push(`${k}${v}`);
  if (k === 'a') {
    m.delete('b');
    m.set('c', 3);
  }
}
for (const k of m.keys()) o.push(k);
for (const v of m.values()) o.push(`${v}`);
for (const [k, v] of m.entries()) o.push(`${k}${v}`);
console.log(o.join(','));

export {};
