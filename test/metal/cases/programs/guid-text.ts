// guid text, a small program of the kind a kernel is made of.
const g = (b: number[]): string => {
  const h = (i: number): string => b[i].toString(16).padStart(2, '0');
  let s = '';
  for (const i of [3, 2, 1, 0]) s += h(i);
  s += '-';
  for (const i of [5, 4]) s += h(i);
  s += '-';
  for (const i of [7, 6]) s += h(i);
  s += '-';
  for (const i of [8, 9]) s += h(i);
  s += '-';
  for (let i = 10; i < 16; i++) s += h(i);
  return s;
};
const b: number[] = [];
for (let i = 0; i < 16; i++) b.push((i * 17 + 3) & 255);
console.log(g(b));

export {};
