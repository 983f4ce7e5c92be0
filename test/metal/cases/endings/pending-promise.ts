// ends 0
// says waiting
const wait = async (): Promise<void> => {
  console.log('waiting');
  await new Promise<void>(() => {});
  console.log('never');
};
void wait();

export {};
