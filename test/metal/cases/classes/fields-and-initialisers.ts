// Order of field initialisers, static blocks and constructors.
const order: string[] = [];
const mark = (s: string): string => {
  order.push(s);
  return s;
};
class FieldBase {
  a = mark('base a');
  static s = mark('static base');
  constructor() {
    mark('base ctor');
    this.hook();
  }
  hook(): void {
    mark('base hook');
  }
}
class FieldDerived extends FieldBase {
  b = mark(`derived b after ${this.a}`);
  static t = mark(`static derived ${FieldBase.s}`);
  static {
    mark('static block');
  }
  constructor() {
    mark('before super');
    super();
    mark('derived ctor');
  }
  override hook(): void {
    mark(`derived hook ${String(this.b)}`);
  }
}
new FieldDerived();
console.log(order.join('\n'));
console.log(FieldDerived.s, FieldDerived.t, Object.keys(new FieldDerived()).join());
class Param {
  constructor(
    public readonly x: number,
    private y: string = `y${x}`,
    protected z?: boolean,
  ) {}
  show(): string {
    return `${this.x}${this.y}${this.z}`;
  }
}
console.log(new Param(1).show(), new Param(2, 'q', true).show(), Object.keys(new Param(3)).join());

export {};
