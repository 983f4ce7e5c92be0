// expect HED163
// construct: switch
export const f = (n: number): number => {
  switch (n) {
    case 1:
      const x = 2;
      return x;
    default:
      return 0;
  }
};
