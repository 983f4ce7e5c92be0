// text screen, a small program of the kind a kernel is made of.
const W = 8;
const H = 3;
const scr = new Uint16Array(W * H);
let cx = 0;
let cy = 0;
const put = (c: string): void => {
  if (c === '\n') {
    cx = 0;
    cy++;
  } else {
    scr[cy * W + cx] = 0x0700 | c.charCodeAt(0);
    cx++;
    if (cx >= W) {
      cx = 0;
      cy++;
    }
  }
  if (cy >= H) {
    scr.copyWithin(0, W);
    scr.fill(0x720, W * (H - 1));
    cy = H - 1;
  }
};
for (const c of 'hello world\nabc\nxyz') put(c);
for (let y = 0; y < H; y++) {
  let l = '';
  for (let x = 0; x < W; x++) {
    const v = scr[y * W + x] & 255;
    l += v ? String.fromCharCode(v) : ' ';
  }
  console.log(`[${l}]`);
}
console.log(cx, cy);

export {};
