// path normalizer, a small program of the kind a kernel is made of.
const norm = (p: string): string => {
  const out: string[] = [];
  for (const s of p.split('/')) {
    if (s === '' || s === '.') continue;
    if (s === '..') out.pop();
    else out.push(s);
  }
  return '/' + out.join('/');
};
console.log(norm('/a/b/../c/./d//'), norm('x/../../y'), norm('/'));

export {};
