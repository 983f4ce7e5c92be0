// Grouping: a small program as a kernel has them.
const groups = new Map<string, { names: string[]; add(n: string): void }>();
for (const [kind, name] of [
  ['a', 'x'],
  ['b', 'y'],
  ['a', 'z'],
] as const) {
  let g = groups.get(kind);
  if (!g) {
    const names: string[] = [];
    g = {
      names,
      add: (n) => {
        names.push(n);
      },
    };
    groups.set(kind, g);
  }
  g.add(name);
}
for (const [k, g] of groups) console.log(k, g.names.join());

export {};
