// Timers of one duration run in the order in which they were set; jobs run between two of them.
const names = ['a', 'b', 'c', 'd', 'e', 'f'];
for (const name of names) {
  setTimeout(() => {
    console.log('timer', name);
    queueMicrotask(() => console.log('job of', name));
    void Promise.resolve(name)
      .then((value) => console.log('then of', value))
      .then(() => console.log('second then of', name));
  }, 200);
}
// A fraction does not count, and less than 1 is 1.
setTimeout(() => console.log('200.9'), 200.9);
for (const delay of [0, 1, -5, 0.3, 1.9]) setTimeout(() => console.log('short', delay), delay);

export {};
