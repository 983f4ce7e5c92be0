// alone
// What runs between the awaits of a main module, and in which order.
const note = (text: string): void => console.log(text);

const worker = async (name: string, rounds: number): Promise<number> => {
  for (let round = 0; round < rounds; round++) {
    note(`${name} ${round}`);
    await null;
  }
  return rounds;
};

queueMicrotask(() => note('a job from before the first await'));
const background = worker('background', 4);
note('the first line that waits is next');
note(`got ${await worker('foreground', 2)}`);
const late = (): string => `late sees ${after}`;
const after = await background;
note(late());

const early = (): string => {
  try {
    return String(unset);
  } catch (error) {
    return error instanceof ReferenceError ? error.message : 'another error';
  }
};
queueMicrotask(() => note(early()));
await null;
const unset = 'set';
note(early());

Promise.resolve('then of the last job').then(note);
note('end of the module');

export {};
