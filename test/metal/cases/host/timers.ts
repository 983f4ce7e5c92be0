// Timers and immediates.
import { test } from '../../test.ts';

test('setTimeout: runs once, in the order of the times, with its arguments', () => {
  setTimeout((text: string) => console.log(text), 9, 'later');
  setTimeout((a: number, b: number) => console.log(a + b), 1, 2, 3);
});

test('setTimeout: of one time run in the order in which they were set', () => {
  for (const name of ['a', 'b', 'c']) setTimeout(() => console.log(name), 3);
});

test('setTimeout: jobs run between two timers', () => {
  setTimeout(() => {
    void Promise.resolve().then(() => console.log('job'));
    console.log('one');
  }, 1);
  setTimeout(() => console.log('two'), 1);
});

test('setInterval: runs until it is cleared', () => {
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    console.log(count);
    if (count === 3) clearInterval(timer);
  }, 1);
});

test('setImmediate: what an immediate sets waits for the next turn', () => {
  setImmediate(() => {
    setImmediate(() => console.log('three'));
    console.log('one');
  });
  setImmediate((text: string) => console.log(text), 'two');
});

test('clearTimeout: of what has run, was cleared or never was has no effect', () => {
  const timer = setTimeout(() => console.log('never'), 1);
  clearTimeout(timer);
  clearTimeout(timer);
  clearTimeout(undefined);
  clearTimeout(123456);
  console.log('cleared');
});

test('clearInterval: clears a timeout, too', () => {
  clearInterval(setTimeout(() => console.log('never'), 1));
  console.log('cleared');
});

test('clearImmediate: from another immediate', () => {
  setImmediate(() => clearImmediate(second));
  const second = setImmediate(() => console.log('never'));
  setImmediate(() => console.log('third'));
});

test('performance.now: goes on, in milliseconds with a fraction', () => {
  const before = performance.now();
  setTimeout(() => console.log(performance.now() - before >= 4, typeof before), 5);
});

test('performance.timeOrigin: lies before now', () => {
  console.log(performance.timeOrigin <= Date.now(), performance.timeOrigin > 1_000_000_000_000);
});
