// Who is asked for a new seed of the random generator when much was taken from it: a device, once there is one.

let source: (() => void) | undefined;

/** Has `ask` called when a new seed is wanted. It comes later, by addSeed of kernel/hal/random.ts. */
export const setSeedSource = (ask: () => void): void => {
  source = ask;
};

/** Asks for a new seed, where somebody gives one. */
export const askForSeed = (): void => source?.();
