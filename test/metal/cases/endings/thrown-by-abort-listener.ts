// ends 32
// says Error: of the first listener
const controller = new AbortController();
controller.signal.addEventListener('abort', () => {
  throw new Error('of the first listener');
});
controller.signal.addEventListener('abort', () => console.log('the second runs all the same'));
controller.abort();
console.log('aborted');

export {};
