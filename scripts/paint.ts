// Colour on a terminal, plain text in a pipe.

const CODES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;

/** Returns `text` in a colour when standard error is a terminal and NO_COLOR is not set. */
export const paint = (colour: keyof typeof CODES, text: string): string =>
  process.stderr.isTTY && !process.env['NO_COLOR'] ? `\x1b[${CODES[colour]}m${text}\x1b[0m` : text;
