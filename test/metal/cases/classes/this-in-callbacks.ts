// Bound functions, arrows, and methods taken off their object.
class Clicker {
  n = 0;
  onArrow = (): number => ++this.n;
  onMethod(): number {
    return ++this.n;
  }
  start(): (() => number)[] {
    return [() => this.onMethod(), this.onMethod.bind(this), this.onArrow];
  }
}
const clicker = new Clicker();
console.log(
  clicker
    .start()
    .map((f) => f())
    .join(),
  clicker.n,
);
const { onArrow } = clicker;
console.log(onArrow());
console.log(
  clicker.onMethod.call({ n: 10, onArrow, onMethod: clicker.onMethod, start: clicker.start }),
  clicker.onMethod.apply(clicker),
);
function whoAmI(this: { id: string }, greeting: string): string {
  return `${greeting} ${this.id}`;
}
console.log(whoAmI.call({ id: 'a' }, 'hi'), whoAmI.bind({ id: 'b' })('yo'), whoAmI.apply({ id: 'c' }, ['hey']));

export {};
