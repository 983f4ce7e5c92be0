// The first of several values is a format.
const format: string = '%s has %d items at %i%%, %f left; %j %O %O %c.';
console.log(format, 'Bob', '42', 99.9, '1.25', { a: [1] }, 'o', { b: 1 }, 'color: red', 'extra', 7);
console.log('%s|%s|%s|%s', null, undefined, -0, [1, 'a', { b: {} }]);
console.log('%d|%d|%i|%f', '0x10', 'abc', '12px', '1e3px');
console.log('100%', 5, '%s', 'x');
console.log('%', 1, '%%', 2);
console.log('%% %s', 'a');
console.log('%%');
console.log('%x %s', 1);
console.log('%s');
console.log('%s %s', 'one');
console.log(5, '%s', 'x');
class Named {
  toString(): string {
    return 'Named!';
  }
}
console.log('%s %s %s', new Named(), { a: { b: 1 } }, Symbol('q'));
