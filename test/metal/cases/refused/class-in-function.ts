// expect HED157
// construct: class declaration
export const make = () => {
  class Inner {
    n = 1;
  }
  return new Inner();
};
