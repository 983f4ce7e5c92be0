// expect HED157
// construct: class expression
export const make = () =>
  class {
    n = 1;
  };
