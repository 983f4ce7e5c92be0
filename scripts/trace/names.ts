// Names for what an event has as a number: functions by their number or by an address in them, texts by where they lie.

import { type LineRow, readLineTable } from '../dwarf.ts';
import { type ElfImage, type ElfSymbol, readElf } from '../elf.ts';
import { displayName, sourceName } from '../symbols.ts';

/** A place in the program, in words. `function` is empty for what the tools have put between functions that somebody wrote. */
export interface Place {
  readonly function: string;
  /** The symbol of the linked file that it comes from. */
  readonly symbol: string;
  readonly file: string;
  readonly line: number;
}

/** What is known about a linked image by its symbols. */
export interface ImageNames {
  /** Returns the place of an instruction; undefined outside of the code. */
  placeOf(address: number): Place | undefined;
  /** Returns where the function of a number of Porffor's begins; undefined when the image has none. */
  functionOf(number: number): Place | undefined;
  /** Returns the text at an address of the image's constants. */
  textAt(address: number, length: number): string;
  /** Returns the address of a symbol. Throws when there is none. */
  addressOf(name: string): number;
}

/** Reads the names of an image with debug information. */
export const readNames = (linked: Buffer): ImageNames => {
  const elf = readElf(linked);
  const text = elf.sections.find(({ name }) => name === '.text');
  const functions = [...elf.functions].sort((a, b) => a.address - b.address);
  const rows = readLineTable(elf)
    .filter(({ address }) => address >= (text?.address ?? 0))
    .sort((a, b) => a.address - b.address || Number(b.ends) - Number(a.ends));
  const numbered = new Map(
    functions.flatMap((symbol) => {
      const number = /^p(\d+)_/.exec(symbol.name)?.[1];
      return number === undefined ? [] : [[Number(number), symbol] as const];
    }),
  );
  const placeOf = (address: number): Place | undefined => {
    const symbol = lastUpTo(functions, address);
    if (symbol === undefined || text === undefined || address >= text.address + text.size) return undefined;
    return { function: displayName(symbol.name), symbol: symbol.name, ...lineAt(rows, symbol, address) };
  };
  return {
    placeOf,
    functionOf: (number) => {
      const symbol = numbered.get(number);
      return symbol && placeOf(symbol.address);
    },
    textAt: (address, length) => textIn(elf, address, length),
    addressOf: (name) => {
      const found = [...elf.variables(), ...functions].find((symbol) => symbol.name === name);
      if (found === undefined) throw new Error(`the image has no ${name}`);
      return found.address;
    },
  };
};

/** The row must begin inside the function, and be of a file of ours: code of others has none, and not its neighbour's. At the head of a function it is the first one behind. */
const lineAt = (rows: readonly LineRow[], symbol: ElfSymbol, address: number): Omit<Place, 'function' | 'symbol'> => {
  const isOurs = (row: LineRow | undefined): row is LineRow =>
    row !== undefined && !row.ends && sourceName(row.file) !== '';
  let index = lastIndexUpTo(rows, address);
  while (index >= 0 && rows[index]!.address >= symbol.address && !isOurs(rows[index])) index--;
  if (index < 0 || rows[index]!.address < symbol.address)
    index = rows.findIndex((row) => row.address >= symbol.address && isOurs(row));
  const row = rows[index];
  const isInside = row !== undefined && row.address >= symbol.address && row.address < symbol.address + symbol.size;
  return isInside ? { file: sourceName(row.file), line: row.line } : { file: '', line: 0 };
};

const lastIndexUpTo = (sorted: readonly { readonly address: number }[], address: number): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.address <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

const lastUpTo = (sorted: readonly ElfSymbol[], address: number): ElfSymbol | undefined =>
  sorted[lastIndexUpTo(sorted, address)];

const textIn = (elf: ElfImage, address: number, length: number): string => {
  const section = elf.sections.find((each) => address >= each.address && address + length <= each.address + each.size);
  if (section === undefined || section.address === 0) return '';
  const from = address - section.address;
  return elf.bytes(section.name).toString('utf8', from, from + length);
};
