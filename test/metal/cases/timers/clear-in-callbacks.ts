// Clearing: before, in the callback of another, in its own, twice, from jobs; and clearing what is no timer.
const never = (name: string): void => console.log('never', name);
clearTimeout(setTimeout(never, 5, 'before'));
clearImmediate(setImmediate(never, 'immediate'));

const list = ['a', 'b', 'c', 'd'].map((name) => setTimeout(() => visit(name), 100));
const visit = (name: string): void => {
  console.log('visit', name);
  if (name === 'a') clearTimeout(list[1]);
  if (name === 'c') queueMicrotask(() => clearTimeout(list[3]));
  clearTimeout(list[0]);
};

const once = setTimeout(() => {
  clearTimeout(once);
  clearTimeout(once);
  console.log('once');
}, 250);

setTimeout(() => {
  const first = setImmediate(() => {
    console.log('immediate 1');
    clearImmediate(second);
    clearImmediate(first);
  });
  const second = setImmediate(never, 'immediate 2');
  const third = setImmediate(() => {
    console.log('immediate 3');
    void Promise.resolve().then(() => clearImmediate(fourth));
  });
  const fourth = setImmediate(never, 'immediate 4');
  setImmediate(() => console.log('immediate 5', third.hasRef()));
}, 400);

clearTimeout(undefined);
clearTimeout(null);
clearTimeout();
clearInterval('no such number');
clearInterval(-1);
clearTimeout(123456789);
clearTimeout(Number.NaN);
clearImmediate(undefined);
clearImmediate(null);
clearTimeout({} as never);

const byNumber = setTimeout(never, 5, 'by number');
clearTimeout(byNumber[Symbol.toPrimitive]());
const byText = setInterval(never, 5, 'by text');
clearInterval(`${Number(byText)}`);
const byPlus = setInterval(never, 5, 'by plus');
clearInterval(+byPlus);
console.log(+byPlus === Number(byPlus), Number.isInteger(+byPlus), +byPlus !== +byText);

export {};
