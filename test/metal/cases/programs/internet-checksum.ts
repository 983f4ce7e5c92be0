// internet checksum, a small program of the kind a kernel is made of.
const csum = (b: Uint8Array, n: number): number => {
  let s = 0;
  for (let i = 0; i + 1 < n; i += 2) s += (b[i] << 8) | b[i + 1];
  if (n & 1) s += b[n - 1] << 8;
  while (s >> 16) s = (s & 0xffff) + (s >> 16);
  return ~s & 0xffff;
};
const b = new Uint8Array(21);
for (let i = 0; i < 21; i++) b[i] = (i * 37 + 11) & 255;
console.log(csum(b, 20), csum(b, 21));

export {};
