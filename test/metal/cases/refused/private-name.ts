// expect HED159
export class Hidden {
  #x = 1;
  get(): number {
    return this.#x;
  }
}
