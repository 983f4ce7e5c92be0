// Colour on a terminal, plain text in a pipe.

import { styleText } from 'node:util';

/** Returns `text` in a colour when standard error is a terminal and NO_COLOR is not set. */
export const paint = (colour: 'red' | 'green' | 'yellow' | 'dim' | 'bold', text: string): string =>
  process.stderr.isTTY && !process.env['NO_COLOR'] ? styleText(colour, text) : text;
