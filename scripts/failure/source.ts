// The sources that a backtrace names, and the lines around a place in them.

import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Finds the text of a source by the name that a backtrace gives it; undefined when it is not there. */
export type Sources = (file: string) => string | undefined;

/** Returns the sources below `folders`, looked for in that order. */
export const sourcesIn = (...folders: readonly string[]): Sources => {
  const known = new Map<string, string | undefined>();
  return (file) => {
    if (!known.has(file)) known.set(file, folders.map((folder) => textOf(path.join(folder, file))).find(Boolean));
    return known.get(file);
  };
};

const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // Built elsewhere, or changed since.
  }
};

const LINES_BEFORE = 2;
const LINES_BEHIND = 1;

/**
 * Returns the lines around a place, numbered, with a caret below its column:
 *
 *     18 | const readSector = (): number => {
 *   > 19 |   throw new Error('disk on fire');
 *        |         ^
 *     20 | };
 */
export const codeFrame = (text: string, line: number, column: number): string[] => {
  const lines = text.split('\n');
  const first = Math.max(line - LINES_BEFORE, 1);
  const last = Math.min(line + LINES_BEHIND, lines.length);
  const width = String(last).length;
  const shown: string[] = [];
  for (let number = first; number <= last; number++) {
    const gutter = `${number === line ? '>' : ' '} ${String(number).padStart(width)} |`;
    shown.push(`  ${gutter} ${lines[number - 1]}`.trimEnd());
    if (number === line)
      shown.push(
        `    ${' '.repeat(width)} | ${(lines[number - 1] ?? '').slice(0, column - 1).replace(/[^\t]/g, ' ')}^`,
      );
  }
  return shown;
};
