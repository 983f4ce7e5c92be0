// The options of this boot: what the kernel's command line says. In `make qemu` it is ARGS=, in QEMU -append.

import { type Option, parseOptions } from '../base/command-line.ts';
import { commandLineByte, commandLineLength } from './command-line.ts';

/** Returns the options in the order in which they were written, an empty list when there is no command line. */
export const readOptions = (): Option[] => {
  let text = '';
  for (let index = 0; index < commandLineLength(); index++) text += String.fromCharCode(commandLineByte(index));
  return parseOptions(text);
};
