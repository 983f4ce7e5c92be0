// expect HED158
class Base {}
const pick = (): typeof Base => Base;
export class Derived extends pick() {}
