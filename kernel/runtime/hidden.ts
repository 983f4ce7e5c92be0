// What values keep to themselves: JavaScript has no words to ask for it, and console.log shows it all the same. On metal the build puts the
// answers in place of these bodies (scripts/patch/hidden.ts), which only say what shape they have.

interface Hidden {
  readonly hidden?: number;
}

/** Returns the kind of a function: 0 for a plain one, 1 async, 2 a generator, 3 an async generator, 4 a class. */
export const functionKind = (value: object): number => (value as Hidden).hidden ?? 0;

/** Returns the state of a promise: 0 while it is pending, 1 when it is fulfilled, 2 when it is rejected. */
export const promiseState = (value: object): number => (value as Hidden).hidden ?? 0;

/** Returns what a promise was fulfilled or rejected with. */
export const promiseResult = (value: object): unknown => (value as Hidden).hidden;

/** Returns 1 for what a generator function returned, 0 for anything else. */
export const generatorObject = (value: object): number => (value as Hidden).hidden ?? 0;
