// A terminal that shows what was written: the sequences that the shell uses, and no others.

/** What stands on the screen, without blanks at the ends, and where the cursor is. */
export interface Screen {
  readonly lines: string[];
  readonly row: number;
  readonly column: number;
}

const ESCAPE = '\x1b';
const SEQUENCE = new RegExp(`^${ESCAPE}\\[(\\d*)([A-Za-z])`);

/** Returns what a screen of so many columns shows after all of the texts. Throws an Error for a sequence that it does not know. */
export const screenOf = (texts: readonly string[], columns: number): Screen => {
  let cells: string[][] = [[]];
  let row = 0;
  let column = 0;
  const line = (): string[] => {
    while (cells.length <= row) cells.push([]);
    return cells[row]!;
  };
  const obey = (count: string, final: string): void => {
    if (final === 'K' && count === '') line().length = Math.min(line().length, column);
    else if (final === 'D') column = Math.max(column - Number(count || 1), 0);
    else if (final === 'H' && count === '') [row, column] = [0, 0];
    else if (final === 'J' && count === '2') cells = [[]];
    else if (final !== 'm') throw new Error(`the sequence ${count}${final} is not known here`);
  };
  for (let rest = texts.join(''); rest !== ''; ) {
    const sequence = SEQUENCE.exec(rest);
    if (sequence !== null) obey(sequence[1]!, sequence[2]!);
    else if (rest[0] === '\r') column = 0;
    else if (rest[0] === '\n') [row, column] = [row + 1, 0];
    else {
      if (column >= columns) [row, column] = [row + 1, 0];
      while (line().length < column) line().push(' ');
      line()[column++] = rest[0]!;
    }
    rest = rest.slice(sequence?.[0].length ?? 1);
  }
  return { lines: cells.map((each) => each.join('').trimEnd()), row, column };
};
