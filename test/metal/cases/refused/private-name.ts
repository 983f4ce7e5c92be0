// expect HED159
// construct: private field
export class Hidden {
  #x = 1;
  get(): number {
    return this.#x;
  }
}
