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

// An immediate comes before any timer that its timer sets.
setTimeout(() => {
  say('timer, 400 ms');
  setTimeout(() => say('100 ms, from the timer'), 100);
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
