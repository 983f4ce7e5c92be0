// Immediates: a batch at a time, jobs between them, timers between the batches.
let batch = 0;
const more = (name: string): void => {
  console.log('batch', batch, name);
  queueMicrotask(() => console.log('job of', name));
  if (batch < 3 && name === 'c') {
    batch += 1;
    for (const next of ['a', 'b', 'c']) setImmediate(more, next);
  }
};
setTimeout(() => {
  for (const name of ['a', 'b', 'c']) setImmediate(more, name);
  console.log('set');
}, 5);

// Immediates that go on and on keep no timer waiting.
let turns = 0;
let isOver = false;
const spin = (): void => {
  turns += 1;
  if (!isOver) setImmediate(spin);
  else console.log('spinning is over', turns > 1);
};
setTimeout(spin, 150);
setTimeout(() => {
  isOver = true;
}, 250);

// What keeps nothing alive runs only if something else does.
setTimeout(() => {
  setImmediate(() => console.log('unref, beside another')).unref();
  setImmediate(() => console.log('beside it'));
}, 400);

export {};
