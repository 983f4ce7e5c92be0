// expect HED157
export const make = () => {
  class Inner {
    n = 1;
  }
  return new Inner();
};
