// ends 32
// says TypeError: no such déjà-vu €
class DiskError extends TypeError {}
const fail = (): never => {
  throw new DiskError('no such déjà-vu €');
};
console.log('before');
fail();

export {};
