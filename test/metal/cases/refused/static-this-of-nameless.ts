// expect HED172
// construct: static field
export const Port = class {
  static first = 1;
  static second = this.first + 1;
};
