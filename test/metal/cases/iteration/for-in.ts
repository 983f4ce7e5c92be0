// for-in over objects, lists and instances.
const o: string[] = [];
class P {
  a = 1;
  m() {
    return 1;
  }
}
class Q extends P {
  b = 2;
}
for (const k in new Q()) o.push(k);
for (const i in ['x', 'y']) o.push(i);
for (const k in { z: 1, y: 2 }) {
  if (k === 'z') continue;
  o.push(k);
}
console.log(o.join(','));

export {};
