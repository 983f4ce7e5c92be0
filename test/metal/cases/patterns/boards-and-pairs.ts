// Boards and pairs: a small program as a kernel has them.
const board = Array.from({ length: 3 }, () => Array.from({ length: 3 }, () => '.'));
for (let y = 0; y < 3; y++) {
  for (let x = 0; x < 3; x++) {
    if (board.every((row) => row[x] === '.') && y === x) board[y]![x] = '#';
  }
}
console.log(board.map((r) => r.join('')).join('/'));
const pairs: string[] = [];
for (const a of [1, 2]) for (const b of 'xy') if (![...pairs].some((p) => p === `${a}${b}`)) pairs.push(`${a}${b}`);
console.log(pairs.join());

export {};
