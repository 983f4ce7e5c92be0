// Functions that the program alone calls.
//
// Porffor declares every function `jsval p12_name(…);` and leaves it open to other files. There is none that calls one: static, a function
// that has one caller goes into it. Under TCG each call costs a block that is translated once and run once.

const PROTOTYPE = /^(?=(?:jsval|void|f64|i32|u32|bool) p\d+_\w+\([^;{]*\);$)/gm;

/** Returns C in which the functions of the program are static. Throws when there is none: then Porffor declares them otherwise. */
export const makeFunctionsStatic = (c: string): string => {
  if (c.search(PROTOTYPE) === -1) throw new Error('patch: no prototype of a function of the program is found');
  return c.replace(PROTOTYPE, 'static ');
};
