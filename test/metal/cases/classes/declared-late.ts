// A function spoken of before its class is declared, with statements in between.
const mk = (): unknown => new LaterClass();
console.log('start');
let n = 0;
class FirstClass {
  go(): string {
    return `${n}`;
  }
}
n = 5;
class LaterClass extends FirstClass {
  x = 1;
  static make(): LaterClass {
    return new LaterClass();
  }
}
console.log(
  mk(),
  LaterClass.make(),
  new FirstClass().go(),
  LaterClass.name,
  mk() instanceof LaterClass,
  mk() instanceof FirstClass,
);

export {};
