// expect HED171
// construct: label
a: b: for (const x of [1, 2]) {
  if (x === 1) continue b;
  break a;
}
