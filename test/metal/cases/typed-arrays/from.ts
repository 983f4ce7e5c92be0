const show = (name: string, list: ArrayLike<number>): void => console.log(name, list.length, Array.from(list).join());

show(
  'length',
  Uint8Array.from({ length: 3 }, (_, index) => index * 100),
);
show('like', Float64Array.from({ length: 3, 0: 0.5, 2: 7 }));
show('array', Int16Array.from([1, -2, 70_000]));
show(
  'mapped',
  Int32Array.from([1, 2, 3], (value, index) => value * 10 + index),
);
show(
  'set',
  Uint8Array.from(new Set([1, 2, 1]), (value) => value * 2),
);
show('text', Uint8Array.from('1029', Number));
show(
  'typed',
  Uint16Array.from(new Uint8Array([250, 251]), (value) => value * 2),
);
show(
  'generator',
  Uint8Array.from(
    (function* () {
      yield 1;
      yield 2;
    })(),
  ),
);
const like: ArrayLike<number> = { length: 2, 0: 4, 1: 5 };
show('unknown', Uint8Array.from(like));
show('nothing', Uint8Array.from({ length: 0 }));
show('made', new Uint8Array(new Set([3, 4])));
show('made of a generator', new Uint16Array(evens()));
function* evens(): Generator<number, void, undefined> {
  yield 2;
  yield 4;
}

// What it is made of is known only as it runs.
const made = (source: ArrayBuffer | number[] | Uint8Array): Uint8Array => new Uint8Array(source);
for (const source of [new ArrayBuffer(2), [7, 8], new Uint8Array([9])]) show('one of several', made(source));
const from = (source: ArrayLike<number> | Set<number>): Uint16Array => Uint16Array.from(source as ArrayLike<number>);
show('a like one', from({ length: 2, 1: 6 }));
const bytes = new Uint8Array([1, 2, 3, 4]);
show('a view', new Uint8Array(bytes.buffer, 1, 2));
