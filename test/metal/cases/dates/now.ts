// What is the same on every machine about the time of day.
const start = Date.now();
const date = new Date();
const now = performance.now();
console.log(Number.isInteger(start), date instanceof Date, date.getTime() >= start, date.getTime() - start < 1000);
console.log(typeof now, now > 0, performance.now() >= now, typeof performance.timeOrigin);
console.log(Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 1000);
const clock = Date.now;
console.log(clock() >= start, [1, 2].map(Date.now).length, new Date(date).getTime() === date.getTime());
const later = (): number => performance.now();
while (later() < now + 2);
console.log(Date.now() > start);

export {};
