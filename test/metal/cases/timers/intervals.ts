// Intervals, cleared from inside, from outside and by one another.
let ticks = 0;
const own = setInterval(
  (name: string, step: number) => {
    ticks += step;
    console.log(name, ticks);
    if (ticks === 9) clearInterval(own);
  },
  5,
  'own',
  3,
);

const late = setInterval(() => console.log('never: its interval is long'), 5000);
setTimeout(() => clearTimeout(late), 400);

let beats = 0;
const beat = setInterval(() => {
  beats += 1;
  if (beats > 4) console.log('a beat too many');
}, 100);
const stopper = setInterval(() => {
  if (beats < 4) return;
  clearInterval(beat);
  clearInterval(stopper);
  console.log('stopped after', beats);
}, 1);

// An interval that waits for a promise goes on without it.
let rounds = 0;
const waiting = setInterval(async () => {
  rounds += 1;
  const round = rounds;
  if (round === 3) clearInterval(waiting);
  await new Promise<void>((resolve) => setTimeout(resolve, 200));
  console.log('round', round);
}, 30);

export {};
