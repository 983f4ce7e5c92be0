// A Set that grows while it is walked.
const m = new Set([1, 2]);
const o: string[] = [];
for (const k of m) {
  o.push(`${k}`);
  if (m.size < 4) m.add(m.size + 10);
}
console.log(o.join(','), [...m].join(','));

export {};
