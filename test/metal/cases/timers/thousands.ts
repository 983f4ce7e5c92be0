// Ten thousand timers of random durations, half of them cleared again.
const COUNT = 10_000;
let state = 42;
const random = (limit: number): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
};
let alive = 0;
let count = 0;
let sum = 0;
const lastOf = new Map<number, number>();
let outOfOrder = 0;
let cleared = 0;
const timers: NodeJS.Timeout[] = [];
for (let index = 0; index < COUNT; index++) {
  const delay = 1 + random(700);
  alive += 1;
  timers.push(
    setTimeout(
      (name: number, duration: number) => {
        count += 1;
        sum += name;
        // Of one duration, who was set first is first.
        if ((lastOf.get(duration) ?? -1) > name) outOfOrder += 1;
        lastOf.set(duration, name);
        if (timers[name] === undefined) cleared += 1;
        alive -= 1;
        if (alive === 0) console.log('ran', count, 'sum', sum, 'out of order', outOfOrder, 'though cleared', cleared);
      },
      3000 + delay,
      index,
      delay,
    ),
  );
}
let expected = 0;
const gone: (NodeJS.Timeout | undefined)[] = timers;
for (let index = 0; index < COUNT; index++) {
  if (random(2) === 0) {
    expected += index;
    continue;
  }
  clearTimeout(timers[index]);
  gone[index] = undefined;
  alive -= 1;
}
console.log('left', alive, 'expected sum', expected);

export {};
