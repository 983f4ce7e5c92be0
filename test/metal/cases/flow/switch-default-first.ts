// default before other clauses.
const f = (n: string) => {
  switch (n) {
    default:
      return 'd';
    case 'a':
      return 'A';
    case 'b':
      return 'B';
  }
};
console.log(f('a'), f('b'), f('c'));

export {};
