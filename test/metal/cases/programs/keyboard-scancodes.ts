// keyboard scancodes, a small program of the kind a kernel is made of.
const map: Record<number, string> = { 0x1e: 'a', 0x30: 'b', 0x2e: 'c', 0x39: ' ' };
const up: Record<string, string> = { a: 'A', b: 'B' };
let shift = false;
let out = '';
for (const sc of [0x1e, 0x9e, 0x2a, 0x1e, 0x30, 0xaa, 0x30, 0x39, 0x2e, 0x77]) {
  if (sc === 0x2a) {
    shift = true;
    continue;
  }
  if (sc === 0xaa) {
    shift = false;
    continue;
  }
  if (sc & 0x80) continue;
  const c = map[sc];
  if (c === undefined) {
    out += '?';
    continue;
  }
  out += shift ? (up[c] ?? c) : c;
}
console.log(out);

export {};
