// switch (true).
const f = (n: number) => {
  switch (true) {
    case n < 5:
      return 'small';
    case n < 10:
      return 'mid';
    default:
      return 'big';
  }
};
console.log(f(1), f(7), f(20));

export {};
