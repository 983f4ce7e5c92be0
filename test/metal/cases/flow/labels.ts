// Labelled blocks and loops.
const o: string[] = [];
a: {
  o.push('1');
  b: {
    o.push('2');
    if (o.length > 1) break a;
    o.push('3');
  }
  o.push('4');
}
o.push('5');
c: for (const x of [1, 2, 3]) {
  d: for (const y of [1, 2, 3]) {
    if (y === 2) continue c;
    if (x === 3) break d;
    o.push(`${x}${y}`);
  }
}
console.log(o.join(','));

export {};
