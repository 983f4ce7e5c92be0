// Where each line of C comes from, said so that it stays true.
//
//   #line 19 "apps/x/main.ts"        The compiler counts on from a #line by itself: a statement that became three lines of C would
//   first line of the statement's C  claim the two TypeScript lines below it as well.
//   second line
//
// So each line of C repeats the place of its statement, up to the end of the function. The first place in a
// function is that of the function itself, and of the variables at its head. What follows a function is in no source until it says so, and has line numbers that no
// source has: the compiler takes a line of the same number in another file for the same place.

const DIRECTIVE = /^\s*#line \d+ "/;
const FUNCTION = /^(?!typedef|struct|#)\w.*\) \{$/;
/** No source has so many lines. The line of a place is what is left without them. */
export const NO_LINE = 1_000_000;
/** The place of what nobody wrote. */
export const NO_PLACE = `#line ${NO_LINE} "porffor.c"`;

/**
 * Returns `c` with the place stated before every line that has one. Functions end with a brace at column 0, as Porffor prints them. With `opensApart`, for a debugger, what the
 * compiler does before the first variable of a function has a line of its own: gdb takes the second line of a function for its beginning, and the parameters are there then.
 */
export const holdPlaces = (c: string, opensApart = false): string => {
  const held: string[] = [];
  let place: string | undefined;
  let head: number | undefined; // Where the function began, until its first place is known: what comes before that belongs to it, too.
  for (const line of c.split('\n')) {
    if (DIRECTIVE.test(line)) {
      place = line.trim();
      if (head !== undefined) {
        const [signature = '', ...variables] = held.splice(head);
        held.push(place, ...(opensApart ? opened(signature, place) : [signature]));
        held.push(...variables.flatMap((variable) => [place as string, variable]));
      }
      head = undefined;
      continue;
    }
    if (FUNCTION.test(line)) head = held.length;
    if (place !== undefined) held.push(place);
    held.push(line);
    if (line !== '}') continue;
    head = undefined;
    if (place !== undefined) held.push(NO_PLACE);
    place = undefined;
  }
  return held.join('\n');
};

/** The brace of a function on a line of its own, that the source does not have. */
const opened = (signature: string, place: string): string[] => [
  signature.slice(0, -1),
  place.replace(/\d+/, (line) => String(Number(line) + NO_LINE)),
  '{',
];
