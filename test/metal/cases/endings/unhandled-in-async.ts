// ends 32
// says Error: nobody waits
const fail = async (): Promise<void> => {
  await null;
  throw new Error('nobody waits');
};
void fail();
console.log('after');

export {};
