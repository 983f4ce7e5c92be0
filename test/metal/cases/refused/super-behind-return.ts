// expect HED173
// construct: super call
class Base {}
export class Derived extends Base {
  constructor(first: boolean) {
    if (first) return;
    super();
  }
}
