// sha256, a small program of the kind a kernel is made of.
const K = new Uint32Array(64);
const H0: number[] = [];
const frac = (x: number): number => Math.floor((x - Math.floor(x)) * 4294967296);
let np = 0;
for (let n = 2; np < 64; n++) {
  let pr = true;
  for (let d = 2; d * d <= n; d++)
    if (n % d === 0) {
      pr = false;
      break;
    }
  if (pr) {
    if (np < 8) H0.push(frac(Math.pow(n, 0.5)) | 0);
    K[np] = frac(Math.cbrt(n));
    np++;
  }
}
const rr = (x: number, n: number): number => (x >>> n) | (x << (32 - n));
const sha = (m: Uint8Array): string => {
  const l = m.length;
  const n = ((l + 9 + 63) >> 6) << 6;
  const p = new Uint8Array(n);
  p.set(m);
  p[l] = 0x80;
  const dv = new DataView(p.buffer);
  dv.setUint32(n - 4, l * 8);
  const h = H0.slice();
  const w = new Int32Array(64);
  for (let o = 0; o < n; o += 64) {
    for (let i = 0; i < 16; i++) w[i] = dv.getInt32(o + i * 4);
    for (let i = 16; i < 64; i++) {
      const s0 = rr(w[i - 15], 7) ^ rr(w[i - 15], 18) ^ (w[i - 15] >>> 3);
      const s1 = rr(w[i - 2], 17) ^ rr(w[i - 2], 19) ^ (w[i - 2] >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, hh] = h;
    for (let i = 0; i < 64; i++) {
      const S1 = rr(e, 6) ^ rr(e, 11) ^ rr(e, 25);
      const ch = (e & f) ^ (~e & g);
      const t1 = (hh + S1 + ch + K[i] + w[i]) | 0;
      const S0 = rr(a, 2) ^ rr(a, 13) ^ rr(a, 22);
      const mj = (a & b) ^ (a & c) ^ (b & c);
      const t2 = (S0 + mj) | 0;
      hh = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    h[0] = (h[0] + a) | 0;
    h[1] = (h[1] + b) | 0;
    h[2] = (h[2] + c) | 0;
    h[3] = (h[3] + d) | 0;
    h[4] = (h[4] + e) | 0;
    h[5] = (h[5] + f) | 0;
    h[6] = (h[6] + g) | 0;
    h[7] = (h[7] + hh) | 0;
  }
  return h.map((x) => (x >>> 0).toString(16).padStart(8, '0')).join('');
};
console.log(sha(new Uint8Array([97, 98, 99])));

export {};
