// Shows a guest's serial output live: as it is in a pipe, with colour on a terminal.
//
// A colour belongs to a whole line, so on a terminal the unfinished line is held back for a moment; a prompt that stays unfinished is then
// shown as it is.

import type { Explainer } from '../failure/explain.ts';

const PARTIAL_LINE_DELAY_MS = 20;
/** A backtrace comes at once, unless the host is busy. */
const PANIC_DELAY_MS = 500;

/** How a panic begins. */
const PANIC_LINE = 'PANIC ';

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

/**
 * Returns a printer onto `output`, which shows a panic as `explain` does. In a pipe only that is held back: the lines of a panic until they are whole, and what may
 * become its first one.
 */
export const createPrinter = (output: Output, colour: boolean, explainer?: Explainer): Printer => {
  let partial = '';
  let isBegun = false; // A part of the unfinished line is shown already: it is no line of a panic.
  let timer: NodeJS.Timeout | undefined;

  const show = (text: string): void => {
    if (text !== '') output.write(text);
  };
  const showLine = (line: string): void => {
    const lines = isBegun || explainer === undefined ? [line] : explainer.line(line);
    for (const each of lines) show(`${colour ? paintLine(each) : each}\n`);
  };
  const showPartial = (): void => {
    show(partial);
    isBegun ||= partial !== '';
    partial = '';
  };
  const flush = (): void => {
    clearTimeout(timer);
    for (const line of explainer?.flush() ?? []) show(`${line}\n`);
    showPartial();
  };
  const mayWait = (): boolean =>
    colour ||
    explainer?.isInPanic === true ||
    (!isBegun && explainer !== undefined && PANIC_LINE.startsWith(partial.slice(0, PANIC_LINE.length)));

  return {
    write(piece) {
      clearTimeout(timer);
      const lines = (partial + piece).split('\n');
      partial = lines.pop() as string;
      for (const line of lines) {
        showLine(line);
        isBegun = false;
      }
      if (mayWait()) timer = setTimeout(flush, explainer?.isInPanic === true ? PANIC_DELAY_MS : PARTIAL_LINE_DELAY_MS);
      else showPartial();
    },
    end() {
      flush();
      for (const line of explainer?.end() ?? []) show(`${line}\n`);
    },
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
