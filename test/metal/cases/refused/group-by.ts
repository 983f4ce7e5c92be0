// expect HED113
// construct: Object.groupBy, Map.groupBy
console.log(
  Object.groupBy([1, 2], (n) => `${n}`),
  Map.groupBy([1, 2], (n) => n),
);
