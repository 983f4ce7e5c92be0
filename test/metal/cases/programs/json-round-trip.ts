// json round trip, a small program of the kind a kernel is made of.
const cfg = { net: { ip: '10.0.0.2', mtu: 1500 }, mods: ['a', 'b'], dbg: false, r: 1.5, n: null };
const s = JSON.stringify(cfg);
const o: typeof cfg = JSON.parse(s);
console.log(s, o.net.mtu + 1, o.mods.length, o.dbg === false, o.n === null, JSON.stringify(o) === s);

export {};
