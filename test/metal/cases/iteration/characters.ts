// The characters of a string.
const o: string[] = [];
for (const ch of 'aé€😀z') o.push(ch);
console.log(`${o.length}`, o.map((c) => c.codePointAt(0)).join(','));

export {};
