// fat names, a small program of the kind a kernel is made of.
const name83 = (b: Uint8Array): string => {
  let n = '';
  for (let i = 0; i < 8; i++) if (b[i] !== 32) n += String.fromCharCode(b[i]);
  let e = '';
  for (let i = 8; i < 11; i++) if (b[i] !== 32) e += String.fromCharCode(b[i]);
  return e.length > 0 ? `${n}.${e}` : n;
};
const mkn = (s: string): Uint8Array => {
  const b = new Uint8Array(11);
  b.fill(32);
  for (let i = 0; i < s.length; i++) b[i] = s.charCodeAt(i);
  return b;
};
console.log(name83(mkn('README  TXT')), name83(mkn('BOOT')), name83(mkn('A       B')));

export {};
