// One line a call, values separated by blanks.
console.log();
console.log('');
console.log('text', 1, -0, 0, 1.5, true, false, null, undefined, NaN);
console.log(-0, [-0], 'é€😀', Symbol('s'), 'two\nlines');
console.info('info');
console.debug('debug');
const numbers = [1, 2];
const text: string = 'name';
console.log(text, 5);
console.log(...numbers, ...['x']);
numbers.forEach((n) => console.log(n));
['a', 'b'].forEach(console.log);
const either: string | number | null = Number('1') > 2 ? null : 'either';
console.log(either, 'fixed', numbers.length);
