// Elements of arrays and typed arrays, where the compiler below needs a hand.

/** What can hold numbers by index. */
interface Numbers {
  [index: number]: number;
}

/** Adds `delta` to element `index` and returns what it was before. */
export const addToElement = (numbers: Numbers, index: number, delta: number): number => {
  const before = numbers[index] as number;
  numbers[index] = before + delta;
  return before;
};
