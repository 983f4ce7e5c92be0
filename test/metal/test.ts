// Many cases in one file. Each is a line `#case FILE > NAME` and what its body prints; the program that a group of files becomes starts one
// after the other (test/metal/group.ts), and lets all that one has left to do be done before the next.

interface Test {
  readonly name: string;
  readonly body: () => unknown;
}

const waiting: Test[] = [];

/** Adds a case. `name` is a literal, `CONSTRUCT: what holds`: docs/conformance.md lists the case at that construct. */
export const test = (name: string, body: () => unknown): void => {
  waiting.push({ name, body });
};

/** Adds a case whose body awaits. */
export const testAsync = (name: string, body: () => Promise<void>): void => {
  waiting.push({ name, body });
};

/** Starts the next case of `file`. Returns false when there is none. The caller runs the jobs, and the loop, that it leaves. */
export const startNextTest = (file: string): boolean => {
  const next = waiting.shift();
  if (next === undefined) return false;
  console.log(`#case ${file} > ${next.name}`);
  try {
    const result = next.body();
    if (result instanceof Promise) result.then(undefined, printThrown);
  } catch (error) {
    printThrown(error);
  }
  return true;
};

const printThrown = (error: unknown): void => {
  if (error instanceof Error) console.log(`thrown ${error.name}: ${error.message}`);
  else console.log('thrown', error);
};
