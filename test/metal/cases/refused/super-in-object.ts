// expect HED168
// construct: super property
export const o = {
  toString(): string {
    return super.toString();
  },
};
