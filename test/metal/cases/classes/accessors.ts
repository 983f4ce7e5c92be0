// Getters and setters of classes and objects; static ones; lazy values.
class Temperature {
  private celsius = 0;
  static lazyCount = 0;
  get fahrenheit(): number {
    return (this.celsius * 9) / 5 + 32;
  }
  set fahrenheit(f: number) {
    this.celsius = ((f - 32) * 5) / 9;
  }
  static get lazy(): number {
    return ++Temperature.lazyCount;
  }
}
const t = new Temperature();
t.fahrenheit = 212;
console.log(t.fahrenheit, JSON.stringify(t));
t.fahrenheit += 18;
console.log(t.fahrenheit, Temperature.lazy, Temperature.lazy);
const o = {
  first: 'a',
  last: 'b',
  get full(): string {
    return `${this.first} ${this.last}`;
  },
  set full(v: string) {
    const [f = '', l = ''] = v.split(' ');
    this.first = f;
    this.last = l;
  },
};
o.full = 'x y';
console.log(o.full, o.first, Object.keys(o).join());

export {};
