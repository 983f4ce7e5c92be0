// A class body speaks of what stands below it.
class First {
  call(x: number): number {
    return later(x);
  }
  read(): number {
    return limit;
  }
  make(): number {
    return new Second().read();
  }
  parts(): number {
    return left + right;
  }
}
const later = (x: number): number => x + 1;
const limit = Math.floor(7.5);
class Second {
  read(): number {
    return new First().read();
  }
}
const { left, right } = { left: 1, right: 2 };
const [given = 5, , ...others] = [undefined, 2, 3, 4];
console.log(new First().call(1), new First().read(), new First().make(), new First().parts());
console.log(given, others, Second.name, new Second() instanceof Second);

export {};
