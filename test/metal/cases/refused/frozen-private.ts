// expect HED159
class Counter {
  #total = 0;
  add(): number {
    this.#total += 1;
    return this.#total;
  }
}
console.log(Object.freeze(new Counter()).add());
