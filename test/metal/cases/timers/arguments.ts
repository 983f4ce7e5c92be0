// Arguments: of the callback, no callback, durations that are none, functions used as values.
for (const bad of [5, 'text', null, undefined, {}, [], 'a'.repeat(50), -0, true, new Map(), new Error('x')]) {
  for (const set of [setTimeout, setInterval, setImmediate, queueMicrotask] as ((callback: never) => unknown)[]) {
    try {
      set(bad as never);
      console.log('accepted');
    } catch (error) {
      const { name, code, message } = error as Error & { code: string };
      console.log(error instanceof TypeError, name, code, message, String(error));
    }
  }
}

setTimeout(
  (...values: unknown[]) => console.log('values', values.length, values),
  100,
  1,
  'two',
  [3],
  { four: 4 },
  undefined,
  null,
);
setTimeout((...values: unknown[]) => console.log('none', values.length), 200);
setTimeout(function (this: unknown) {
  console.log('this is the timer', this === own);
}, 300);
const own = setTimeout(function (this: unknown) {
  console.log('this is the timer', this === own);
}, 400);

const delays = [Number.NaN, -1, 0, Infinity, 2 ** 31, -Infinity, undefined, 0.5, 1];
let shortest = delays.length;
for (const delay of delays) {
  setTimeout(() => {
    shortest -= 1;
    if (shortest === 0) console.log('all of the shortest duration');
  }, delay);
}
setTimeout(() => console.log('the number in a text counts'), '500' as never);
setTimeout(() => console.log('the longest duration waits'), 2 ** 31 - 1).unref();

const set = setTimeout;
const clear = clearTimeout;
clear(set(() => console.log('never'), 5));
const later = [setTimeout, setImmediate] as ((callback: () => void) => unknown)[];
setTimeout(() => {
  for (const each of later) each(() => console.log('by value'));
  setImmediate((...values: unknown[]) => console.log('immediate', values.length, values), 'a', 2);
}, 600);

export {};
