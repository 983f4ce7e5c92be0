// Functions that the program alone calls.
//
// Porffor declares every function `jsval p12_name(…);` and leaves it open to other files. There is none that calls one: static, a function
// that has one caller goes into it. Under TCG each call costs a block that is translated once and run once.

const PROTOTYPE = /^(?:jsval|void|bool|[fiu](?:32|64)) (p\d+_\w+)\([^;{]*\);$/gm;
const DEFINITION = /^[^\s#/].*?\b(p\d+_\w+)\(.*\{$/gm;

/** Returns C in which the functions of the program are static. Throws when one is declared in another form: then Porffor has changed. */
export const makeFunctionsStatic = (c: string): string => {
  const declared = new Set<string>();
  const made = c.replace(PROTOTYPE, (prototype, name: string) => {
    declared.add(name);
    return `static ${prototype}`;
  });
  if (declared.size === 0) throw new Error('patch: no prototype of a function of the program is found');
  const missed = [...c.matchAll(DEFINITION)].map((match) => match[1]!).filter((name) => !declared.has(name));
  if (missed.length > 0) throw new Error(`patch: no prototype is found of ${missed.join(', ')}`);
  return made;
};
