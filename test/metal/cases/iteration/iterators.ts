// Iterators and generators as values.
import { test, testAsync } from '../../test.ts';

function* letters(): Generator<string, number, string | undefined> {
  const first = yield 'a';
  console.log('got', first);
  try {
    const second = yield 'b';
    console.log('got', second);
  } finally {
    console.log('cleaned');
  }
  return 7;
}

test('Generator.prototype.next: hands values in and out', () => {
  const generator = letters();
  console.log(generator.next('lost'), generator.next('one'), generator.next('two'), generator.next());
});

test('Generator.prototype.return: ends at once and runs finally', () => {
  const generator = letters();
  console.log(generator.next(), generator.next('x'), generator.return(3), generator.next());
});

test('Generator.prototype.return: before the start', () => {
  const generator = letters();
  console.log(generator.return(5), generator.next());
});

test('Generator.prototype.throw: arrives at the yield', () => {
  function* patient(): Generator<number> {
    for (let i = 0; ; i++) {
      try {
        yield i;
      } catch (error) {
        console.log('caught', String(error));
      }
    }
  }
  const generator = patient();
  console.log(generator.next(), generator.throw(new Error('e')), generator.next());
});

test('Generator.prototype.throw: before the start comes out', () => {
  letters().throw(new Error('early'));
});

test('Generator.prototype[Symbol.iterator]: is itself', () => {
  const generator = letters();
  console.log(generator[Symbol.iterator]() === generator);
});

test('generator: nothing runs before next', () => {
  function* loud(): Generator<number> {
    console.log('started');
    yield 1;
  }
  const generator = loud();
  console.log('made');
  generator.next();
});

test('generator: an exception ends it', () => {
  function* broken(): Generator<number> {
    yield 1;
    throw new Error('inside');
  }
  const generator = broken();
  generator.next();
  try {
    generator.next();
  } catch (error) {
    console.log(String(error), generator.next());
  }
});

test('generator: an endless one in a loop that breaks', () => {
  function* naturals(): Generator<number> {
    try {
      for (let n = 0; ; n++) yield n;
    } finally {
      console.log('closed');
    }
  }
  for (const n of naturals()) {
    if (n > 2) break;
    console.log(n);
  }
  const [a, b] = naturals();
  console.log(a, b);
});

testAsync('AsyncGenerator.prototype.next: hands promises out', async () => {
  async function* count(): AsyncGenerator<number, string, string> {
    const got = yield 1;
    console.log('got', got);
    yield 2;
    return 'end';
  }
  const generator = count();
  console.log(
    await generator.next('lost'),
    await generator.next('x'),
    await generator.next(''),
    await generator.next(''),
  );
});

testAsync('AsyncGenerator.prototype.next: calls wait for one another', async () => {
  async function* count(): AsyncGenerator<number> {
    yield 1;
    yield 2;
  }
  const generator = count();
  console.log(await Promise.all([generator.next(), generator.next(), generator.next()]));
});

testAsync('AsyncGenerator.prototype.return: runs finally', async () => {
  async function* count(): AsyncGenerator<number> {
    try {
      yield 1;
      yield 2;
    } finally {
      console.log('cleaned');
    }
  }
  const generator = count();
  console.log(await generator.next(), await generator.return(9), await generator.next());
});

testAsync('AsyncGenerator.prototype.throw: arrives at the yield', async () => {
  async function* patient(): AsyncGenerator<string> {
    try {
      yield 'waiting';
    } catch (error) {
      yield `caught ${String(error)}`;
    }
  }
  const generator = patient();
  console.log(await generator.next(), await generator.throw(new Error('e')), await generator.next());
});

testAsync('AsyncGenerator.prototype[Symbol.asyncIterator]: is itself', async () => {
  async function* one(): AsyncGenerator<number> {
    yield 1;
  }
  const generator = one();
  console.log(generator[Symbol.asyncIterator]() === generator, await generator.next());
});

test('iterator protocol: an own iterator may have return', () => {
  const source = {
    [Symbol.iterator](): Iterator<number> {
      let n = 0;
      return {
        next: () => ({ value: n++, done: false }),
        return: () => {
          console.log('return');
          return { value: undefined, done: true };
        },
      };
    },
  };
  for (const n of source) if (n === 2) break;
  const [first] = source;
  console.log(first, new Map([[1, source]]).size);
});
