// A switch compares as === does.
const f = (x: any) => {
  switch (x) {
    case null:
      return 'null';
    case undefined:
      return 'undef';
    case NaN:
      return 'nan';
    case 0:
      return 'zero';
    case '':
      return 'empty';
    case false:
      return 'false';
  }
  return 'none';
};
console.log(f(null), f(undefined), f(NaN), f(0), f(-0), f(''), f(false), f('0'));

export {};
