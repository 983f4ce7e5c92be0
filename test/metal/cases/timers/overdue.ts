// Timers that are late, because the program computes: they run in the order in which they were due, jobs between them.
const compute = (milliseconds: number): void => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};
const say = (text: string): void => console.log(text);

for (const delay of [500, 400, 100, 300, 200]) {
  setTimeout(() => {
    say(`due after ${delay}`);
    queueMicrotask(() => say(`job of ${delay}`));
    setImmediate(() => say(`immediate of ${delay}`));
  }, delay);
}
compute(700);
say('all are due');

// What becomes due while timers run waits for the next turn, behind the immediates.
setTimeout(() => {
  say('slow');
  setTimeout(() => say('due while the slow one ran'), 1);
  setImmediate(() => say('immediate of the slow one'));
  compute(200);
}, 1200);
setTimeout(() => say('due in the middle of the slow one'), 1300);

// An interval that is missed several times runs once, and is counted anew.
setTimeout(() => {
  let ticks = 0;
  const interval = setInterval(() => {
    ticks += 1;
    say(`tick ${ticks}`);
    if (ticks === 2) clearInterval(interval);
  }, 300);
  setTimeout(() => say(`in between: ${ticks}`), 1200);
  compute(1000);
  say('three ticks were missed');
}, 1700);

export {};
