// Where each line of C comes from, said so that it stays true.
//
//   #line 19 "apps/x/main.ts"        The compiler counts on from a #line by itself: a statement that became three lines of C would
//   first line of the statement's C  claim the two TypeScript lines below it as well.
//   second line
//
// So each line of C repeats the place of its statement, up to the end of the function. The lines before the first statement have the place of
// that one, so that a debugger which stops at the function shows it. What follows is in no source until it says so, and has line
// numbers that no source has: the compiler takes a line of the same number in another file for the same place.

const DIRECTIVE = /^\s*#line \d+ "/;
const FUNCTION = /^(?!typedef|struct|#)\w.*\) \{$/;
/** The place of what nobody wrote. */
export const NO_PLACE = '#line 1000000 "porffor.c"';

/** Returns `c` with the place stated before every line that has one. Functions end with a brace at column 0, as Porffor prints them. */
export const holdPlaces = (c: string): string => {
  const held: string[] = [];
  let place: string | undefined;
  let head: number | undefined; // Where the function began, until its first place is known: what comes before that belongs to it, too.
  for (const line of c.split('\n')) {
    if (DIRECTIVE.test(line)) {
      place = line.trim();
      if (head !== undefined) held.push(...held.splice(head).flatMap((first) => [place as string, first]));
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
