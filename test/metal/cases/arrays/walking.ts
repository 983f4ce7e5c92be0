// Methods that call a function for each element.
import { test } from '../../test.ts';

test('Array.prototype.forEach: gives value, index and array', () => {
  const list = ['a', 'b'];
  list.forEach((value, index, all) => console.log(value, index, all === list));
});

test('Array.prototype.forEach: does not reach elements added on the way', () => {
  const list = [1, 2];
  const seen: number[] = [];
  list.forEach((n) => {
    seen.push(n);
    if (list.length < 5) list.push(n + 10);
  });
  console.log(seen, list);
});

test('Array.prototype.forEach: skips elements removed on the way', () => {
  const list = [1, 2, 3, 4];
  const seen: number[] = [];
  list.forEach((n) => {
    seen.push(n);
    if (n === 2) list.shift();
  });
  console.log(seen, list);
});

test('Array.prototype.forEach: stops short where the array got shorter', () => {
  const list = [1, 2, 3, 4];
  const seen: number[] = [];
  list.forEach((n) => {
    seen.push(n);
    list.length = 2;
  });
  console.log(seen);
});

test('Array.prototype.forEach: sees values changed on the way', () => {
  const list = [1, 2, 3];
  list.forEach((n, i) => {
    if (i + 1 < list.length) list[i + 1] = n * 10;
    console.log(n);
  });
});

test('Array.prototype.forEach: calls with the this that it is given', () => {
  const sum = { total: 0 };
  [1, 2, 3].forEach(function (this: { total: number }, n: number) {
    this.total += n;
  }, sum);
  console.log(
    sum,
    [].forEach(() => {}),
  );
});

test('Array.prototype.map: makes an array of the same length', () => {
  console.log(
    [1, 2, 3].map((n) => n * 2),
    [].map(() => 1),
    ['1', '2', '3'].map((s) => parseInt(s)),
  );
});

test('Array.prototype.map: gives value, index and array', () => {
  console.log(['a', 'b'].map((value, index, all) => `${value}${index}${all.length}`));
});

test('Array.prototype.map: parseInt is given the index as its radix', () => {
  console.log(
    ['1', '2', '3', '10'].map(parseInt),
    ['7', '8'].map(Number),
    [1, 0, ''].map(Boolean),
    [1, null].map(String),
  );
});

test('Array.prototype.map: keeps the length where elements are added', () => {
  const list = [1, 2];
  const made = list.map((n) => {
    list.push(n);
    return n;
  });
  console.log(made, list);
});

test('Array.prototype.filter: keeps what fits', () => {
  console.log(
    [1, 2, 3, 4].filter((n) => n % 2 === 0),
    [0, 1, '', 'a', null, NaN].filter(Boolean),
    [1].filter(() => 0),
  );
});

test('Array.prototype.filter: keeps the value as it was when asked', () => {
  const list = [1, 2, 3];
  console.log(
    list.filter((_, i) => {
      list[i] = 9;
      return true;
    }),
    list,
  );
});

test('Array.prototype.filter: narrows the type', () => {
  const list: (number | string)[] = [1, 'a', 2];
  const numbers = list.filter((value): value is number => typeof value === 'number');
  console.log(numbers.map((n) => n + 1));
});

test('Array.prototype.reduce: folds from the left', () => {
  console.log(
    [1, 2, 3].reduce((sum, n) => sum + n),
    [1, 2, 3].reduce((sum, n) => sum - n, 10),
  );
  console.log(
    ['a', 'b', 'c'].reduce((all, s) => `(${all}${s})`),
    [5].reduce(() => 9),
  );
});

test('Array.prototype.reduce: starts at index 1 without a first value', () => {
  [7, 8].reduce((sum, n, index, all) => {
    console.log(sum, n, index, all.length);
    return sum;
  });
  [7].reduce((sum, n, index) => {
    console.log(sum, n, index);
    return sum;
  }, 0);
});

test('Array.prototype.reduce: of nothing returns the first value', () => {
  console.log(([] as number[]).reduce((a, b) => a + b, 5));
});

test('Array.prototype.reduce: of nothing without a first value throws TypeError', () => {
  console.log(([] as number[]).reduce((a, b) => a + b));
});

test('Array.prototype.reduce: undefined is a first value', () => {
  console.log([1].reduce<number | undefined>((a, b) => (a === undefined ? b * 100 : a), undefined));
});

test('Array.prototype.reduceRight: folds from the right', () => {
  console.log(
    ['a', 'b', 'c'].reduceRight((all, s) => all + s),
    ['a', 'b'].reduceRight((all, s, i) => `${all}${s}${i}`, '-'),
  );
});

test('Array.prototype.reduceRight: of nothing without a first value throws TypeError', () => {
  console.log(([] as number[]).reduceRight((a, b) => a + b));
});

test('Array.prototype.reduce: builds objects', () => {
  const counted = ['a', 'b', 'a'].reduce<Record<string, number>>((counts, key) => {
    counts[key] = (counts[key] ?? 0) + 1;
    return counts;
  }, {});
  console.log(counted);
});

test('Array.prototype.map: an exception of the function comes out', () => {
  [1, 2, 3].map((n) => {
    console.log(n);
    if (n === 2) throw new RangeError('two');
    return n;
  });
});

test('Array.prototype.find: walks the length that there was at first', () => {
  const list = [1, 2];
  const seen: (number | undefined)[] = [];
  list.find((n) => {
    seen.push(n);
    list.pop();
    return false;
  });
  console.log(seen);
});

test('Array.prototype.some: does not visit what was removed', () => {
  const list = [1, 2, 3];
  const seen: number[] = [];
  list.some((n) => {
    seen.push(n);
    list.pop();
    return false;
  });
  console.log(seen);
});
