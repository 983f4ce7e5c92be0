// ends 32
// says RangeError: thrown in a timer
const fail = (): never => {
  throw new RangeError('thrown in a timer');
};
const onTimer = (): void => {
  console.log('timer');
  fail();
};
setTimeout(onTimer, 5);
setTimeout(() => console.log('never'), 50);

export {};
