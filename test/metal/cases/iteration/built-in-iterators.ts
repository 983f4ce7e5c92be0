// Iterators of the built-in collections as values.
const m = new Map([
  ['a', 1],
  ['b', 2],
]);
const it = m.entries();
const r1 = it.next();
console.log(`${r1.value} ${r1.done}`);
const k = m.keys();
k.next();
m.set('c', 3);
console.log(`${k.next().value} ${k.next().value} ${k.next().done}`);
const s = new Set([5, 6]);
const si = s[Symbol.iterator]();
console.log(`${si.next().value} ${[...s.entries()].join(';')} ${[...s.values()].join()} ${[...m.values()].join()}`);
const ai = [7, 8].values();
console.log(`${ai.next().value} ${[...ai].join()} ${ai.next().done}`);
for (const x of [1, 2].values()) console.log(`${x}`);
for (const [i, x] of ['p', 'q'].entries()) console.log(`${i}${x}`);
for (const i of ['p', 'q'].keys()) console.log(`${i}`);
console.log(
  `${Array.from(m).join(';')} ${Array.from(m.keys()).join()} ${Array.from(s, (x) => x + 1).join()} ${Array.from('h€😀y').length} ${[...'h€😀y'].length} ${Array.from({ length: 3 }, (_, i) => i).join()}`,
);
const str = 'añ€😀';
for (const ch of str) console.log(`${ch.length}`);
const [x1, , x3] = str;
console.log(`${x1}${x3.length}`);
const sti = 'hi'[Symbol.iterator]();
console.log(`${sti.next().value}${sti.next().value}${sti.next().done}`);
for (const [k2, v2] of Object.entries({ z: 1, y: 2 })) console.log(`${k2}${v2}`);
console.log(JSON.stringify(Object.fromEntries(m)));
const un: unknown = [1, 2];
for (const v of un as any) console.log(`${v}`);
const an: any = m;
for (const [k3, v3] of an) console.log(`${k3}${v3}`);
const as: any = new Set(['s']);
for (const v of as) console.log(v);
const ag: any = (function* () {
  yield 'g';
})();
for (const v of ag) console.log(v);
const ast: any = 'xy';
console.log([...ast].join('-'));
const itb: Iterable<number> = [3, 4];
for (const v of itb) console.log(`${v}`);
console.log([...itb].join());
const ro: readonly number[] | Set<number> = new Set([9]);
for (const v of ro) console.log(`${v}`);
const ta = new Uint8Array([1, 2]);
console.log([...ta].join(), [...ta.entries()].join(';'));
for (const v of ta.values()) console.log(`${v}`);
try {
  for (const v of 5 as any) console.log(v);
} catch (e: any) {
  console.log(e.name);
}
try {
  const [q] = {} as any;
} catch (e: any) {
  console.log(e.name);
}

export {};
