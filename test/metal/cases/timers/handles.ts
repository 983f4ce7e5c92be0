// What setTimeout, setInterval and setImmediate return.
const say = (text: string): void => console.log(text);
const timer = setTimeout(say, 50, 'timer');
console.log(timer.hasRef(), timer.unref() === timer, timer.hasRef(), timer.ref() === timer, timer.hasRef());
console.log(timer.refresh() === timer, typeof timer, typeof timer[Symbol.toPrimitive]());
const closed = setTimeout(say, 5, 'never');
console.log(closed.close() === closed, closed.hasRef());
closed.refresh(); // A cleared timer stays cleared.
const immediate = setImmediate(say, 'immediate');
console.log(immediate.hasRef(), immediate.unref() === immediate, immediate.hasRef(), immediate.ref() === immediate);
console.log(timer === timer.ref());

// refresh: the time begins anew, and a timer that has run runs again.
let runs = 0;
const again = setTimeout(() => {
  runs += 1;
  console.log('run', runs);
  if (runs < 3) again.refresh();
}, 150);
const refreshed = setTimeout(() => console.log('refreshed, behind the one of 700 ms'), 550);
setTimeout(() => refreshed.refresh(), 250);
setTimeout(() => console.log('700 ms'), 700);
const finished = setTimeout(() => console.log('finished'), 100);
setTimeout(() => {
  clearTimeout(finished); // No effect: it has run.
  console.log(finished.hasRef());
}, 1100);

export {};
