// expect HED161
// construct: auto-accessor
export class Static {
  static accessor n = 1;
}
