// file tree, a small program of the kind a kernel is made of.
class Nd {
  name: string;
  kids = new Map();
  data: any = null;
  parent: any;
  constructor(name: string, parent: any) {
    this.name = name;
    this.parent = parent;
  }
  path(): string {
    let s = '';
    let n: any = this;
    while (n.parent !== null) {
      s = `/${n.name}${s}`;
      n = n.parent;
    }
    return s === '' ? '/' : s;
  }
}
const root = new Nd('', null);
const mkdirp = (p: string): any => {
  let n: any = root;
  for (const c of p.split('/')) {
    if (c === '') continue;
    let k = n.kids.get(c);
    if (k === undefined) {
      k = new Nd(c, n);
      n.kids.set(c, k);
    }
    n = k;
  }
  return n;
};
const f = mkdirp('/etc/net/if0');
f.data = 'dhcp';
mkdirp('/etc/x');
console.log(f.path(), root.kids.size, root.kids.get('etc').kids.size, root.path());
const walk = (n: any, d: number): string => {
  let s = `${' '.repeat(d)}${n.name}\n`;
  for (const k of n.kids.values()) s += walk(k, d + 1);
  return s;
};
console.log(walk(root, 0));

export {};
