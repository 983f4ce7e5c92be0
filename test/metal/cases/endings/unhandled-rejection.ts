// ends 32
// says Error: the first of two
void Promise.reject(new Error('the first of two'));
void Promise.reject(new Error('the second of two'));
const handled = Promise.reject(new Error('handled in time'));
handled.catch(() => console.log('handled'));
console.log('after');

export {};
