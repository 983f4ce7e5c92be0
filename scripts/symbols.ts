// The symbol table that a panic prints its backtrace from: function names and lines of the linked image, in a few kilobytes.
//
//   u32 magic, fileCount, functionCount, lineCount, filesOffset, functionsOffset, linesOffset     (offsets from the start)
//   files      NUL-terminated names; the first is empty: code without a source of ours
//   functions  by address: uleb128 distance from the one before, NUL-terminated name
//   lines      by address: uleb128 distance, uleb128 file, sleb128 line less the one before. A row holds until the next.
//
// boot/symbols.zig reads it.

import path from 'node:path';
import { type LineRow, readLineTable } from './dwarf.ts';
import { type ElfImage, readElf } from './elf.ts';
import { nameIn, PROJECT, ROOT } from './folders.ts';
import { NO_LINE } from './patch/places.ts';

const SYMBOLS_MAGIC = 0x4d595348; // "HSYM"
const HEADER_SIZE = 28;

/** Returns the table for a linked image with debug information. */
export const symbolTable = (image: Buffer): Buffer => {
  const elf = readElf(image);
  const text = elf.sections.find((section) => section.name === '.text');
  // Sections that the linker left out keep their rows, at addresses below all that is there.
  const rows = readLineTable(elf)
    .filter((row) => row.address >= (text?.address ?? 0))
    .map((row) => ({ ...row, file: sourceName(row.file) }));
  const files = ['', ...new Set(rows.map((row) => row.file).filter((file) => file !== ''))];
  const functions = functionNames(elf);
  const lines = compactRows(rows, files);

  const fileBytes = Buffer.concat(files.map(terminated));
  const functionBytes = encodeFunctions(functions);
  const lineBytes = encodeLines(lines);
  const header = Buffer.alloc(HEADER_SIZE);
  const filesOffset = HEADER_SIZE;
  const functionsOffset = filesOffset + fileBytes.length;
  const linesOffset = functionsOffset + functionBytes.length;
  [SYMBOLS_MAGIC, files.length, functions.length, lines.length, filesOffset, functionsOffset, linesOffset].forEach(
    (word, index) => {
      header.writeUInt32LE(word, index * 4);
    },
  );
  return Buffer.concat([header, fileBytes, functionBytes, lineBytes]);
};

/** What lies between the functions that somebody wrote: a backtrace leaves it out. */
const PLUMBING = /^(hed_|hedyn_|porf_|main$|_start|libc_start|__libc_start)|^p\d+_(_23main|glue_|___Porffor_)/;

/** A character that no C name has, as Porffor writes it: `_23` is #, `_24` is $. */
const MANGLED = /_(2[0-9a-f]|3[a-f]|40|5[b-e]|60)/g;

/**
 * Returns the name a person knows a linked symbol by, without what the tools added: `readDisk` of `p12_readDisk`, `submit` of
 * `m_drivers_blk_request__submit`, `Array.prototype.map` of a built-in; '' for plumbing.
 */
export const displayName = (symbol: string): string => {
  if (PLUMBING.test(symbol)) return '';
  const machine = /^m_\w+?__(\w+)$/.exec(symbol)?.[1];
  if (machine !== undefined) return machine;
  const porffor = /^p\d+_(.+)$/.exec(symbol)?.[1];
  if (porffor === undefined) return symbol;
  const name = porffor.replace(MANGLED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  if (name.startsWith('#anonymous')) return '(anonymous)';
  const builtIn = /^__([A-Za-z0-9]+)_(prototype_)?(.+)$/.exec(name);
  if (builtIn !== null) return [builtIn[1], ...(builtIn[2] ? ['prototype'] : []), builtIn[3]].join('.');
  // A suffix keeps two of a name apart; an underscore in front is Porffor's, for a name that C has.
  return name.replace(/(\$in\$\w+)?(\$\d+)+$/, '').replace(/^[$_]/, '');
};

interface FunctionName {
  readonly address: number;
  readonly name: string;
}

const functionNames = (elf: ElfImage): FunctionName[] =>
  elf.functions
    .map(({ address, name }) => ({ address, name: displayName(name) }))
    .sort((a, b) => a.address - b.address)
    .filter((entry, index, all) => index === 0 || all[index - 1]?.address !== entry.address);

/** Returns a source of ours as a person knows it; '' for any other. Zig names files from the folder of the root file. */
export const sourceName = (file: string): string => {
  if (file.endsWith('.ts')) return file;
  return /^[\w-]+\.zig$/.test(file) ? nameIn(PROJECT, path.join(ROOT, 'boot', file)) : '';
};

interface CompactRow {
  readonly address: number;
  readonly file: number;
  readonly line: number;
}

/** Rows by address, one for each change of place; code of other files is the empty file. */
const compactRows = (rows: readonly LineRow[], files: readonly string[]): CompactRow[] => {
  const index = new Map(files.map((file, position) => [file, position]));
  const compact: CompactRow[] = [];
  for (const row of [...rows].sort((a, b) => a.address - b.address || Number(b.ends) - Number(a.ends))) {
    const file = row.ends ? 0 : (index.get(row.file) ?? 0);
    const line = file === 0 ? 0 : row.line % NO_LINE;
    const last = compact.at(-1);
    if (last?.address === row.address) compact.pop();
    const before = compact.at(-1);
    if (before?.file === file && before.line === line) continue;
    compact.push({ address: row.address, file, line });
  }
  return compact;
};

const encodeFunctions = (functions: readonly FunctionName[]): Buffer => {
  const parts: Buffer[] = [];
  let address = 0;
  for (const entry of functions) {
    parts.push(Buffer.from(uleb(entry.address - address)), terminated(entry.name));
    address = entry.address;
  }
  return Buffer.concat(parts);
};

const encodeLines = (rows: readonly CompactRow[]): Buffer => {
  const bytes: number[] = [];
  let address = 0;
  let line = 0;
  for (const row of rows) {
    bytes.push(...uleb(row.address - address), ...uleb(row.file), ...sleb(row.line - line));
    address = row.address;
    line = row.line;
  }
  return Buffer.from(bytes);
};

const terminated = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf8');

/** Returns `value` in the variable-length form of DWARF 5 §7.6, unsigned. */
export const uleb = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  do {
    const more = rest >= 0x80;
    bytes.push((rest & 0x7f) | (more ? 0x80 : 0));
    rest = Math.floor(rest / 0x80);
  } while (rest > 0);
  return bytes;
};

/** Returns `value` in the variable-length form of DWARF 5 §7.6, signed. */
export const sleb = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0);
    bytes.push(done ? byte : byte | 0x80);
    if (done) return bytes;
  }
};
