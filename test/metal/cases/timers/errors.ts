// Errors in callbacks that something catches, and the timers beside them.
setTimeout(() => {
  try {
    throw new RangeError('caught at once');
  } catch (error) {
    console.log(String(error));
  }
}, 5);

const failing = (milliseconds: number): Promise<void> =>
  new Promise((_, reject) => setTimeout(() => reject(new Error(`after ${milliseconds}`)), milliseconds));

failing(100).catch((error) => console.log('caught', String(error)));
void (async () => {
  try {
    await failing(200);
  } catch (error) {
    console.log('caught in an async function', String(error));
    await new Promise<void>((resolve) => setTimeout(resolve, 20));
  } finally {
    console.log('finally');
  }
})();
setTimeout(() => {
  let deep = 0;
  const fall = (level: number): void => {
    deep = level;
    if (level === 50) throw new Error('from the depth');
    fall(level + 1);
  };
  try {
    fall(0);
  } catch (error) {
    console.log(String(error), deep);
  }
  setImmediate(() => console.log('an immediate after an error'));
}, 400);

export {};
