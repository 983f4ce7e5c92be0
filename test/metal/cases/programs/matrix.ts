// matrix, a small program of the kind a kernel is made of.
const g: number[][] = [];
for (let y = 0; y < 4; y++) {
  const row: number[] = [];
  for (let x = 0; x < 4; x++) row.push(0);
  g.push(row);
}
g[1][1] = 5;
g[2][3]++;
g[3][0] -= 2;
for (const row of g) console.log(row.join(' '));
let s = 0;
for (let y = 0; y < 4; y++) for (let x = 0; x < g[y].length; x++) s += g[y][x] * (y + 1);
console.log(s);

export {};
