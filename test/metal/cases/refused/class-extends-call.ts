// expect HED158
// construct: extends an expression
class Base {}
const pick = (): typeof Base => Base;
export class Derived extends pick() {}
