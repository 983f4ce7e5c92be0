// ends 41
// says at main (test/metal/cases/endings/unsettled-await.ts:10)
const wait = async (): Promise<void> => {
  await new Promise<void>(() => {});
};
void wait();
console.log('before');
await null;

await wait();
console.log('never');

export {};
