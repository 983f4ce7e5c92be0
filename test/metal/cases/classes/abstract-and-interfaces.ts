// Abstract classes, interfaces, and dispatch through them.
interface Shape {
  area(): number;
  readonly label: string;
}
abstract class BaseShape implements Shape {
  abstract area(): number;
  get label(): string {
    return `${this.constructor.name}:${this.area()}`;
  }
  static count = 0;
  constructor() {
    BaseShape.count++;
  }
}
class Square extends BaseShape {
  constructor(private readonly side: number) {
    super();
  }
  area(): number {
    return this.side * this.side;
  }
}
class Unit extends Square {
  constructor() {
    super(1);
  }
}
const shapes: Shape[] = [new Square(3), new Unit()];
console.log(shapes.map((s) => s.label).join(), BaseShape.count, Square.count);

export {};
