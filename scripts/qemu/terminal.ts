// Shows a guest's serial output live: as it is in a pipe, with colour on a terminal.
//
// A colour belongs to a whole line, so on a terminal the unfinished line is held back for a moment; a prompt that stays unfinished is then
// shown as it is.

const PARTIAL_LINE_DELAY_MS = 20;

const RESET = '\u001b[0m';

/** The first rule that a line fits gives its colour. */
const COLOURS = [
  { pattern: /^PANIC /, colour: '\u001b[1;31m' },
  { pattern: /^\w+: ok$/, colour: '\u001b[32m' },
  { pattern: /^\w+: failed\b|^error /, colour: '\u001b[31m' },
  { pattern: /^warn /, colour: '\u001b[33m' },
] as const;

/** Where text goes: process.stdout, or a test's stand-in. */
export interface Output {
  write(text: string): unknown;
}

/** A sink for serial output. */
export interface Printer {
  write(piece: string): void;
  /** Shows what is still held back. */
  end(): void;
}

/** Returns a printer onto `output`. */
export const createPrinter = (output: Output, colour: boolean): Printer => {
  if (!colour) return { write: (piece) => void output.write(piece), end() {} };

  let partial = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    if (partial !== '') output.write(partial);
    partial = '';
  };
  return {
    write(piece) {
      clearTimeout(timer);
      const lines = (partial + piece).split('\n');
      partial = lines.pop() as string;
      for (const line of lines) output.write(`${paintLine(line)}\n`);
      timer = setTimeout(flush, PARTIAL_LINE_DELAY_MS);
    },
    end: flush,
  };
};

/** Returns a line with the colour that its words ask for. */
export const paintLine = (line: string): string => {
  const text = line.replace(/\r$/, '');
  const rule = COLOURS.find(({ pattern }) => pattern.test(text));
  return rule === undefined ? text : `${rule.colour}${text}${RESET}`;
};

/** Returns whether standard output is a terminal that shows colours and whose user wants them (NO_COLOR, TERM=dumb say no). */
export const wantsColour = (): boolean => process.stdout.isTTY === true && process.stdout.hasColors();
