// entries(), keys() and values() of a list.
const o: string[] = [];
for (const [i, v] of ['x', 'y'].entries()) o.push(`${i}${v}`);
for (const i of ['x', 'y'].keys()) o.push(`${i}`);
for (const v of ['x', 'y'].values()) o.push(v);
console.log(o.join(','));

export {};
