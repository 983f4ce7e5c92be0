// expect HED159
// construct: private name in
export class Brand {
  #mark = 1;
  static is(x: object): boolean {
    return #mark in x;
  }
}
