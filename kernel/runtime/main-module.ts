// The main module of a program, where it waits at its top level. ECMA-262 §16.2.1.5.

/** The promise of the main module; undefined for one that never waits. The end of a program looks at it (scripts/patch/main-module.ts). */
export let mainModule: Promise<void> | undefined;

/** Takes the promise of the main module, which has run up to its first await. */
export const startMain = (running: Promise<void>): void => {
  mainModule = running;
};
