// Promise and its functions.
import { test, testAsync } from '../../test.ts';

const later = <T>(value: T, rounds = 1): Promise<T> =>
  rounds === 0 ? Promise.resolve(value) : Promise.resolve().then(() => later(value, rounds - 1));

testAsync('new Promise: the function runs at once', async () => {
  console.log('before');
  const promise = new Promise<number>((resolve) => {
    console.log('inside');
    resolve(1);
  });
  console.log('after', await promise);
});

testAsync('new Promise: only the first call counts', async () => {
  console.log(
    await new Promise<number>((resolve, reject) => {
      resolve(1);
      resolve(2);
      reject(new Error('late'));
    }),
  );
});

testAsync('new Promise: an exception of the function rejects', async () => {
  await new Promise(() => {
    throw new RangeError('thrown');
  });
});

testAsync('new Promise: an exception behind resolve is dropped', async () => {
  console.log(
    await new Promise<string>((resolve) => {
      resolve('kept');
      throw new Error('dropped');
    }),
  );
});

testAsync('new Promise: resolved with a promise follows it', async () => {
  console.log(await new Promise<string>((resolve) => resolve(later('followed'))));
  await new Promise((resolve) => resolve(Promise.reject(new TypeError('no'))));
});

test('new Promise: is shown with its state', () => {
  console.log(Promise.resolve(1), new Promise(() => {}));
});

testAsync('Promise.resolve: of a promise is that promise', async () => {
  const promise = Promise.resolve(1);
  console.log(Promise.resolve(promise) === promise, await Promise.resolve(5), await Promise.resolve());
});

testAsync('Promise.reject: with any value', async () => {
  try {
    await Promise.reject('text');
  } catch (error) {
    console.log('caught', error);
  }
  console.log(await Promise.reject(1).catch((reason: unknown) => reason));
});

testAsync('Promise.prototype.then: runs behind what runs now', async () => {
  const promise = Promise.resolve(1).then((value) => console.log('then', value));
  console.log('now');
  await promise;
});

testAsync('Promise.prototype.then: passes on what nobody handles', async () => {
  console.log(
    await Promise.resolve(7).then(undefined, () => 'no'),
    await Promise.reject(new Error('x')).then(
      () => 'no',
      (error: Error) => error.message,
    ),
  );
});

testAsync('Promise.prototype.then: waits for the promise that is returned', async () => {
  console.log(
    await Promise.resolve(1)
      .then((n) => later(n + 1, 3))
      .then((n) => n * 10),
  );
});

testAsync('Promise.prototype.then: an exception rejects', async () => {
  await Promise.resolve(1).then(() => {
    throw new Error('in then');
  });
});

testAsync('Promise.prototype.then: several on one promise run in order', async () => {
  const promise = later('v');
  const seen: string[] = [];
  promise.then((v) => seen.push(`a${v}`));
  promise.then((v) => seen.push(`b${v}`));
  await promise.then((v) => seen.push(`c${v}`));
  console.log(seen);
});

testAsync('Promise.prototype.then: chains take turns', async () => {
  const seen: string[] = [];
  const a = Promise.resolve()
    .then(() => seen.push('a1'))
    .then(() => seen.push('a2'))
    .then(() => seen.push('a3'));
  const b = Promise.resolve()
    .then(() => seen.push('b1'))
    .then(() => seen.push('b2'))
    .then(() => seen.push('b3'));
  await Promise.all([a, b]);
  console.log(seen.join(' '));
});

testAsync('Promise.prototype.then: a promise returned costs two turns', async () => {
  const seen: string[] = [];
  const a = Promise.resolve()
    .then(() => Promise.resolve('x'))
    .then((x) => seen.push(x));
  const b = Promise.resolve()
    .then(() => seen.push('1'))
    .then(() => seen.push('2'))
    .then(() => seen.push('3'))
    .then(() => seen.push('4'));
  await Promise.all([a, b]);
  console.log(seen.join(' '));
});

testAsync('Promise.prototype.catch: handles and goes on', async () => {
  console.log(
    await Promise.reject(new Error('bad')).catch((error: Error) => `handled ${error.message}`),
    await Promise.resolve('fine').catch(() => 'no'),
  );
});

testAsync('Promise.prototype.catch: may throw again', async () => {
  await Promise.reject(new Error('first')).catch((error: Error) => {
    throw new TypeError(`${error.message} second`);
  });
});

testAsync('Promise.prototype.finally: leaves the value alone', async () => {
  console.log(
    await Promise.resolve('value').finally(() => {
      console.log('finally');
      return 'ignored';
    }),
  );
});

testAsync('Promise.prototype.finally: leaves the reason alone, unless it throws', async () => {
  try {
    await Promise.reject(new Error('reason')).finally(() => console.log('finally'));
  } catch (error) {
    console.log(String(error));
  }
  await Promise.reject(new Error('reason')).finally(() => {
    throw new Error('other');
  });
});

testAsync('Promise.prototype.finally: waits for what it returns', async () => {
  const seen: string[] = [];
  await Promise.resolve().finally(() => later('', 3).then(() => seen.push('inner')));
  seen.push('outer');
  console.log(seen);
});

testAsync('Promise.all: values in the order given', async () => {
  console.log(
    await Promise.all([later('slow', 5), later('fast', 1), 'plain']),
    await Promise.all([]),
    await Promise.all(new Set([1, later(2)])),
  );
});

testAsync('Promise.all: the first rejection', async () => {
  await Promise.all([
    later(1, 5),
    later(0, 2).then(() => Promise.reject(new Error('second'))),
    Promise.reject(new Error('first')),
  ]);
});

testAsync('Promise.allSettled: all outcomes', async () => {
  console.log(await Promise.allSettled([later(1), Promise.reject('no'), 2]), await Promise.allSettled([]));
});

testAsync('Promise.any: the first value', async () => {
  console.log(await Promise.any([Promise.reject(1), later('slow', 5), later('fast', 1)]));
});

testAsync('Promise.any: when all reject', async () => {
  try {
    await Promise.any([Promise.reject(1), Promise.reject(new Error('two'))]);
  } catch (error) {
    console.log(error instanceof AggregateError, String(error), (error as AggregateError).errors.map(String));
  }
});

testAsync('Promise.any: of nothing rejects', async () => {
  await Promise.any([]);
});

testAsync('Promise.race: the first outcome', async () => {
  console.log(await Promise.race([later('slow', 5), later('fast', 1)]), await Promise.race(['plain', later('no')]));
  await Promise.race([later('slow', 5), Promise.reject(new Error('lost'))]);
});

testAsync('Promise.race: of nothing never ends', async () => {
  const winner = await Promise.race([Promise.race([]), later('other', 2)]);
  console.log(winner);
});

testAsync('Promise.resolve: a thenable is followed', async () => {
  const thenable = { then: (resolve: (value: string) => void) => resolve('from then') };
  console.log(await thenable, await Promise.resolve(thenable));
});

testAsync('Promise.prototype.catch: a rejection handled later', async () => {
  const rejected = Promise.reject(new Error('late'));
  const handled = rejected.catch((error: Error) => error.message);
  console.log(await handled);
});

testAsync('queueMicrotask: in the order of the calls, with promises', async () => {
  const seen: string[] = [];
  queueMicrotask(() => seen.push('m1'));
  Promise.resolve().then(() => seen.push('p1'));
  queueMicrotask(() => {
    seen.push('m2');
    queueMicrotask(() => seen.push('m3'));
  });
  seen.push('sync');
  await later('', 5);
  console.log(seen.join(' '));
});
