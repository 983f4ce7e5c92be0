// What runs when: the program, jobs, timers, immediates.
const say = (text: string): void => console.log(text);
setTimeout(() => say('timer, 100 ms'), 100);
setTimeout(() => say('timer, 1 ms'), 1);
queueMicrotask(() => say('job'));
void Promise.resolve()
  .then(() => say('then 1'))
  .then(() => say('then 2'));
void (async () => {
  say('async, before await');
  await null;
  say('async, after await');
  await new Promise<void>((resolve) => setTimeout(resolve, 250));
  say('async, after 250 ms');
})();
say('end of the program');

// Behind a timer an immediate always comes first; behind an immediate's own immediates come the timers of before.
setTimeout(() => {
  say('timer, 400 ms');
  setTimeout(() => say('0 ms, from the timer'), 0);
  setImmediate(() => {
    say('immediate, from the timer');
    queueMicrotask(() => say('job, from the immediate'));
    void Promise.resolve().then(() => say('then, from the immediate'));
    setImmediate(() => say('immediate, from the immediate'));
  });
  setImmediate(() => say('second immediate, from the timer'));
  queueMicrotask(() => {
    say('job, from the timer');
    queueMicrotask(() => say('job, from the job'));
  });
}, 400);

export {};
