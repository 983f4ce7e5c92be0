// The functions of Object.
import { test } from '../../test.ts';

const refuses = (change: () => void): void => {
  try {
    change();
    console.log('changed');
  } catch (error) {
    console.log(error instanceof TypeError);
  }
};

class Point {
  x = 1;
  y = 2;
  get sum(): number {
    return this.x + this.y;
  }
}

test('Object.assign: copies own enumerable properties, later ones win', () => {
  const target = { a: 1, b: 2 };
  console.log(Object.assign(target, { b: 3, c: 4 }, { c: 5 }) === target, target);
});

test('Object.assign: skips null and undefined, takes strings apart', () => {
  console.log(Object.assign({ a: 1 }, null, undefined, { b: 2 }), Object.assign({}, 'ab'), Object.assign({}, 5, true));
});

test('Object.assign: reads getters and calls setters', () => {
  const target = {
    seen: '',
    set value(v: number) {
      this.seen += v;
    },
  };
  const source = {
    get value(): number {
      console.log('read');
      return 7;
    },
  };
  Object.assign(target, source);
  console.log(target.seen, Object.assign({}, source));
});

test('Object.assign: copies symbols too', () => {
  const key = Symbol('key');
  console.log(Object.assign({}, { [key]: 1, plain: 2 }));
});

test('Object.assign: an instance gives its fields, not its accessors', () => {
  console.log(Object.assign({}, new Point()), Object.assign([1, 2, 3], [9]));
});

test('Object.create: with a prototype', () => {
  const base = { greet: () => 'hello' };
  const made = Object.create(base) as typeof base;
  console.log(made.greet(), Object.keys(made), Object.getPrototypeOf(made) === base);
});

test('Object.create: with descriptors', () => {
  const made = Object.create({}, { a: { value: 1, enumerable: true }, b: { value: 2 } }) as { a: number; b: number };
  console.log(made.a, made.b, Object.keys(made));
});

test('Object.create: with null has no prototype', () => {
  const made = Object.create(null) as Record<string, number>;
  made['size'] = 1;
  console.log(made, Object.getPrototypeOf(made), 'constructor' in made);
});

test('Object.defineProperty: hidden and constant unless it says otherwise', () => {
  const object: { a?: number } = {};
  Object.defineProperty(object, 'a', { value: 1 });
  console.log(object.a, Object.keys(object), Object.getOwnPropertyDescriptor(object, 'a'));
  refuses(() => {
    object.a = 2;
  });
});

test('Object.defineProperty: an accessor', () => {
  let stored = 1;
  const object = Object.defineProperty({} as { a: number }, 'a', {
    get: () => stored,
    set: (v: number) => {
      stored = v * 2;
    },
    enumerable: true,
    configurable: true,
  });
  object.a = 5;
  console.log(object.a, object, Object.keys(object));
});

test('Object.defineProperty: what is not configurable cannot be defined anew', () => {
  const object = {};
  Object.defineProperty(object, 'a', { value: 1 });
  Object.defineProperty(object, 'a', { value: 1 });
  refuses(() => {
    Object.defineProperty(object, 'a', { value: 2 });
  });
});

test('Object.defineProperty: returns the object', () => {
  const object = {};
  console.log(Object.defineProperty(object, 'x', { value: 1, enumerable: true }) === object, object);
});

test('Object.defineProperties: several at once', () => {
  const object = Object.defineProperties({}, { a: { value: 1, enumerable: true }, b: { value: 2, writable: true } });
  console.log(object, Object.getOwnPropertyNames(object));
});

test('Object.entries: in the order of the language', () => {
  console.log(
    Object.entries({ b: 1, 2: 'x', a: 2, 1: 'y' }),
    Object.entries(['p', 'q']),
    Object.entries('ab'),
    Object.entries({}),
  );
});

test('Object.keys: integers first, ascending', () => {
  console.log(
    Object.keys({ z: 1, 10: 1, 9: 1, a: 1, '-1': 1, '01': 1 }),
    Object.keys([4, 5]),
    Object.keys('ab'),
    Object.keys(new Point()),
  );
});

test('Object.values: in the order of the keys', () => {
  console.log(Object.values({ b: 1, 1: 2, a: 3 }), Object.values('ab'), Object.values([7]));
});

test('Object.fromEntries: of pairs', () => {
  console.log(
    Object.fromEntries([
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ]),
    Object.fromEntries(new Map([['k', 'v']])),
    Object.fromEntries([]),
  );
});

test('Object.fromEntries: undoes entries', () => {
  console.log(Object.fromEntries(Object.entries({ x: 1, y: [2] }).map(([k, v]) => [k + k, v])));
});

test('Object.freeze: stores throw TypeError', () => {
  const object: { a: number } = Object.freeze({ a: 1 });
  console.log(Object.isFrozen(object), object);
  refuses(() => {
    object.a = 2;
  });
});

test('Object.freeze: is shallow and returns the object', () => {
  const object = { a: { b: 1 } };
  const frozen = Object.freeze(object);
  frozen.a.b = 2;
  console.log(frozen === object, frozen);
});

test('Object.freeze: nothing can be added', () => {
  const object: { a: number; b?: number } = Object.freeze({ a: 1 });
  refuses(() => {
    object.b = 1;
  });
});

test('Object.freeze: nothing can be deleted', () => {
  const object: { a?: number } = Object.freeze({ a: 1 });
  refuses(() => {
    delete object.a;
  });
});

test('Object.isFrozen: an empty object that cannot grow is', () => {
  console.log(
    Object.isFrozen({}),
    Object.isFrozen(Object.preventExtensions({})),
    Object.isFrozen(Object.seal({ a: 1 })),
    Object.isFrozen(1),
  );
});

test('Object.seal: values may change, names may not', () => {
  const object: { a?: number; b?: number } = Object.seal({ a: 1 });
  object.a = 2;
  console.log(object, Object.isSealed(object), Object.isSealed({}));
  refuses(() => {
    object.b = 3;
  });
});

test('Object.isSealed: what is frozen is sealed', () => {
  console.log(
    Object.isSealed(Object.freeze({ a: 1 })),
    Object.isSealed({ a: 1 }),
    Object.isSealed(Object.preventExtensions({})),
  );
});

test('Object.preventExtensions: nothing can be added, the rest can change', () => {
  const object: { a?: number; b?: number } = Object.preventExtensions({ a: 1 });
  object.a = 2;
  delete object.a;
  console.log(object, Object.isExtensible(object));
  refuses(() => {
    object.b = 1;
  });
});

test('Object.isExtensible: until it is prevented', () => {
  console.log(
    Object.isExtensible({}),
    Object.isExtensible(Object.freeze({})),
    Object.isExtensible(Object.seal({})),
    Object.isExtensible(1),
  );
});

test('Object.getOwnPropertyDescriptor: of a value', () => {
  console.log(
    Object.getOwnPropertyDescriptor({ a: 1 }, 'a'),
    Object.getOwnPropertyDescriptor({ a: 1 }, 'b'),
    Object.getOwnPropertyDescriptor([1], 'length'),
  );
});

test('Object.getOwnPropertyDescriptor: of an accessor', () => {
  const found = Object.getOwnPropertyDescriptor(
    {
      get a(): number {
        return 1;
      },
    },
    'a',
  );
  console.log(typeof found?.get, found?.set, found?.enumerable, found?.configurable);
});

test('Object.getOwnPropertyNames: hidden ones too', () => {
  const object = Object.defineProperty({ b: 1 }, 'a', { value: 2 });
  console.log(Object.getOwnPropertyNames(object), Object.getOwnPropertyNames(['x']), Object.getOwnPropertyNames('ab'));
});

test('Object.getOwnPropertySymbols: only symbols', () => {
  const key = Symbol('key');
  console.log(Object.getOwnPropertySymbols({ [key]: 1, a: 2 }), Object.getOwnPropertySymbols({}));
});

test('Object.getPrototypeOf: of an instance is its class', () => {
  console.log(
    Object.getPrototypeOf(Object.create(null)),
    Object.getPrototypeOf(new Point()) === Object.getPrototypeOf(new Point()),
  );
});

test('Object.setPrototypeOf: changes what is inherited', () => {
  const object = { own: 1 };
  const extended = Object.setPrototypeOf(object, { inherited: 2 }) as typeof object & { inherited: number };
  console.log(extended === object, extended.inherited, Object.keys(extended), 'inherited' in extended);
});

test('Object.hasOwn: only its own', () => {
  const object = { a: undefined, b: 1 } as Record<string, unknown>;
  console.log(
    Object.hasOwn(object, 'a'),
    Object.hasOwn(object, 'toString'),
    Object.hasOwn([1], 0),
    Object.hasOwn([1], 1),
    Object.hasOwn(new Point(), 'sum'),
  );
});

test('Object.is: tells zeros apart and NaN is NaN', () => {
  console.log(
    Object.is(0, -0),
    Object.is(NaN, NaN),
    Object.is('a', 'a'),
    Object.is({}, {}),
    Object.is(null, undefined),
    Object.is(-0, -0),
  );
});

test('Object.prototype.hasOwnProperty: only its own', () => {
  const object = { a: 1 };
  console.log(
    object.hasOwnProperty('a'),
    object.hasOwnProperty('b'),
    object.hasOwnProperty('toString'),
    [1].hasOwnProperty(0),
    new Point().hasOwnProperty('sum'),
  );
});

test('Object.prototype.isPrototypeOf: along the chain', () => {
  const base = {};
  const middle = Object.create(base) as object;
  const top = Object.create(middle) as object;
  console.log(base.isPrototypeOf(top), middle.isPrototypeOf(top), top.isPrototypeOf(base), base.isPrototypeOf(base));
});

test('Object.prototype.propertyIsEnumerable: only own and shown', () => {
  const object = Object.defineProperty({ a: 1 }, 'b', { value: 1 });
  console.log(object.propertyIsEnumerable('a'), object.propertyIsEnumerable('b'), object.propertyIsEnumerable('c'));
});

test('Object.prototype.toString: names the kind', () => {
  console.log({}.toString(), `${{}}`, String(new Point()), new Map().toString(), Promise.resolve().toString());
});

test('Object.prototype.valueOf: is the object', () => {
  const object = { a: 1 };
  console.log(object.valueOf() === object, new Point().valueOf());
});

test('Object.prototype.constructor: is the class', () => {
  console.log(new Point().constructor === Point, new Point().constructor.name);
});
