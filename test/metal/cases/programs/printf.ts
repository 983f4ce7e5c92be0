// printf, a small program of the kind a kernel is made of.
const fmt = (f: string, ...a: (string | number)[]): string => {
  let o = '';
  let k = 0;
  for (let i = 0; i < f.length; i++) {
    const c = f[i];
    if (c !== '%') {
      o += c;
      continue;
    }
    i++;
    const d = f[i];
    if (d === 'd') o += `${a[k++]}`;
    else if (d === 'x') o += Number(a[k++]).toString(16);
    else if (d === 's') o += a[k++];
    else o += d;
  }
  return o;
};
console.log(fmt('a=%d b=%x %s%%', 5, 255, 'q'));

export {};
