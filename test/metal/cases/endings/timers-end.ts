// ends 0
// says the last tick
let ticks = 0;
const interval = setInterval(() => {
  ticks += 1;
  console.log(ticks === 3 ? 'the last tick' : 'tick');
  if (ticks === 3) clearInterval(interval);
}, 5);
setTimeout(() => console.log('never'), 1_000_000).unref();
void new Promise<void>(() => {});

export {};
