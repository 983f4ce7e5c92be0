// utf8, a small program of the kind a kernel is made of.
const enc = (s: string): Uint8Array => {
  const o: number[] = [];
  for (let i = 0; i < s.length; i++) {
    let c = s.charCodeAt(i);
    if (c >= 0xd800 && c < 0xdc00 && i + 1 < s.length) {
      c = 0x10000 + ((c & 0x3ff) << 10) + (s.charCodeAt(++i) & 0x3ff);
    }
    if (c < 0x80) o.push(c);
    else if (c < 0x800) o.push(0xc0 | (c >> 6), 0x80 | (c & 63));
    else if (c < 0x10000) o.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
    else o.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
  }
  return new Uint8Array(o);
};
const dec = (b: Uint8Array): string => {
  let s = '';
  let i = 0;
  while (i < b.length) {
    const c = b[i++];
    if (c < 0x80) s += String.fromCharCode(c);
    else if (c < 0xe0) s += String.fromCharCode(((c & 31) << 6) | (b[i++] & 63));
    else if (c < 0xf0) {
      const x = b[i++];
      const y = b[i++];
      s += String.fromCharCode(((c & 15) << 12) | ((x & 63) << 6) | (y & 63));
    } else {
      const x = b[i++];
      const y = b[i++];
      const z = b[i++];
      const cp = (((c & 7) << 18) | ((x & 63) << 12) | ((y & 63) << 6) | (z & 63)) - 0x10000;
      s += String.fromCharCode(0xd800 + (cp >> 10), 0xdc00 + (cp & 0x3ff));
    }
  }
  return s;
};
const t = 'aé€😀z';
const b = enc(t);
console.log(b.length, Array.from(b).join(','), dec(b) === t);

export {};
