// ends 32
// says Error: nobody waits for the timer
const later = async (): Promise<void> => {
  await new Promise<void>((resolve) => setTimeout(resolve, 10));
  throw new Error('nobody waits for the timer');
};
setTimeout(() => void later(), 5);
setInterval(() => console.log('never'), 1000);

export {};
