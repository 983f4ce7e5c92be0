// calculator, a small program of the kind a kernel is made of.
const tok = (s: string): string[] => {
  const r: string[] = [];
  let i = 0;
  while (i < s.length) {
    const c = s.charCodeAt(i);
    if (c === 32) {
      i++;
      continue;
    }
    if (c >= 48 && c <= 57) {
      let j = i;
      while (j < s.length && s.charCodeAt(j) >= 48 && s.charCodeAt(j) <= 57) j++;
      r.push(`n${s.slice(i, j)}`);
      i = j;
      continue;
    }
    if ((c >= 97 && c <= 122) || c === 95) {
      let j = i;
      while (j < s.length && /[a-z_0-9]/.test(s[j])) j++;
      r.push(`i${s.slice(i, j)}`);
      i = j;
      continue;
    }
    r.push(s[i]);
    i++;
  }
  return r;
};
const ev = (e: string): number => {
  const t = tok(e);
  let p = 0;
  const prim = (): number => {
    const x = t[p++];
    if (x === '(') {
      const v = sum();
      p++;
      return v;
    }
    if (x === '-') return -prim();
    return parseInt(x.slice(1));
  };
  const prod = (): number => {
    let v = prim();
    while (t[p] === '*' || t[p] === '/') {
      const o = t[p++];
      const w = prim();
      v = o === '*' ? v * w : v / w;
    }
    return v;
  };
  const sum = (): number => {
    let v = prod();
    while (t[p] === '+' || t[p] === '-') {
      const o = t[p++];
      const w = prod();
      v = o === '+' ? v + w : v - w;
    }
    return v;
  };
  return sum();
};
console.log(tok('ab_1 + 23*(c)').join(' '), ev('1+2*3'), ev('(1+2)*-3-4/2'));

export {};
