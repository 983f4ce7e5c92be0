// ends 32
// says Error: thrown in an immediate
setImmediate(() => {
  throw new Error('thrown in an immediate');
});
setImmediate(() => console.log('never'));

export {};
