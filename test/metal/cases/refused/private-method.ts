// expect HED159
// construct: private method
export class Hides {
  run(): number {
    return this.#go();
  }
  #go(): number {
    return 1;
  }
}
