// Timers that set timers, to a depth, and in a tree.
let depth = 0;
const deeper = (): void => {
  depth += 1;
  console.log('depth', depth);
  if (depth < 12) setTimeout(deeper, depth % 3);
  else branch('root', 2);
};
const branch = (name: string, levels: number): void => {
  console.log(name);
  if (levels === 0) return;
  setTimeout(branch, 100 * 2 ** levels, `${name}.right`, levels - 1);
  setTimeout(branch, 1, `${name}.left`, levels - 1);
};
setTimeout(deeper, 5);

export {};
