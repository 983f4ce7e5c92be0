// new.target, symbols as keys, computed names.
class Registered {
  static made: string[] = [];
  constructor() {
    Registered.made.push(new.target.name);
  }
}
class RegisteredToo extends Registered {}
new Registered();
new RegisteredToo();
console.log(Registered.made.join());
const tag = Symbol('tag');
const key = 'dyn';
class Tagged {
  [tag] = 1;
  [key](): string {
    return 'computed';
  }
}
const tg = new Tagged();
console.log(tg[tag], tg.dyn(), Object.keys(tg).join());

export {};
