// super in methods, accessors, static members and arrow functions, over three levels.
class Animal {
  name: string;
  constructor(name: string) {
    this.name = name;
  }
  speak(): string {
    return `${this.name} makes a noise`;
  }
  get kind(): string {
    return `animal ${this.name}`;
  }
  static make(name: string): Animal {
    return new this(name);
  }
  static who(): string {
    return 'Animal';
  }
  toString(): string {
    return `<${this.name}>`;
  }
  set nick(v: string) {
    this.name = `nick-${v}`;
  }
  get nick(): string {
    return this.name;
  }
}
class Dog extends Animal {
  override speak(): string {
    return `${super.speak()}: woof`;
  }
  override get kind(): string {
    return `dog, ${super.kind}`;
  }
  static override who(): string {
    return `Dog of ${super.who()}`;
  }
}
class Puppy extends Dog {
  override speak(): string {
    const loud = (): string => super.speak().toUpperCase();
    return `${loud()}!`;
  }
  override get kind(): string {
    return `puppy, ${super.kind}`;
  }
  static override who(): string {
    return `Puppy of ${super.who()}`;
  }
  override toString(): string {
    return `p${super.toString()}`;
  }
  rename(): string {
    this.nick = 'x';
    return super.nick;
  }
}
const p = new Puppy('rex');
console.log(p.speak());
console.log(p.kind);
console.log(Puppy.who());
console.log(`${p} ${String(p)}`);
console.log(p.rename());
console.log(`${p instanceof Animal} ${p instanceof Dog} ${new Dog('d') instanceof Puppy} ${Dog.make('made').speak()}`);
console.log(p.constructor === Puppy, p.constructor.name, Object.getPrototypeOf(Puppy.prototype) === Dog.prototype);
const animals: Animal[] = [new Animal('a'), new Dog('b'), new Puppy('c')];
console.log(animals.map((x) => x.speak()).join('; '));

export {};
