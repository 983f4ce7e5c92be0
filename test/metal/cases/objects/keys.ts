// Integer keys come first, ascending, wherever keys are listed.
const object: Record<string, string> = {
  b: 'B',
  10: 'ten',
  a: 'A',
  9: 'nine',
  '-1': 'minus',
  '01': 'zero-one',
  4294967295: 'large',
};
object['0'] = 'zero';
console.log(Object.keys(object), Object.values(object), Object.entries(object), JSON.stringify(object), object);
for (const key in object) console.log(key, object[key]);
console.log(
  { ...object, 1: 'one' },
  Object.assign({ z: 1 }, { 2: 2 }, { 1: 1 }),
  Object.fromEntries(Object.entries(object).reverse()),
  Object.getOwnPropertyNames({ y: 1, 3: 1 }),
);
class Base {
  x = 1;
  method(): number {
    return this.x;
  }
}
class Derived extends Base {
  y = 2;
}
const names: string[] = [];
for (const key in new Derived()) names.push(key);
for (const key in Object.create({ inherited: 1 })) names.push(key);
for (const key in [5, 6]) names.push(key);
for (const key in { ...new Derived(), 7: 1 }) names.push(key);
console.log(names, Object.keys(new Derived()), Object.keys([5, 6]), Object.entries([5, 6]), Object.keys('ab'));
delete object['9'];
object['9'] = 'again';
console.log(Object.keys(object), Object.hasOwn(object, '9'), '9' in object);
