// Reads the line number tables of an image: which address comes from which line. DWARF 4 §6.2 and DWARF 5 §6.2.

import { type ElfImage, stringAt } from './elf.ts';

/** From `address` on, code comes from `file` at `line`, where a statement begins; a row that `ends` closes its sequence. */
export interface LineRow {
  readonly address: number;
  readonly file: string;
  readonly line: number;
  readonly ends: boolean;
}

/** Returns all rows of all units, sequence by sequence. Files are named as the compiler was told: relative where it was relative. */
export const readLineTable = (elf: ElfImage): LineRow[] => {
  const section = elf.bytes('.debug_line');
  const strings = { line: elf.bytes('.debug_line_str'), plain: elf.bytes('.debug_str') };
  const rows: LineRow[] = [];
  let at = 0;
  while (at < section.length) {
    const length = section.readUInt32LE(at);
    if (length === 0xffffffff) throw new Error('64-bit DWARF is not expected here');
    readUnit(section.subarray(at + 4, at + 4 + length), strings, rows);
    at += 4 + length;
  }
  return rows;
};

interface Strings {
  readonly line: Buffer;
  readonly plain: Buffer;
}

/** A cursor over one unit. */
class Reader {
  at = 0;
  private readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  get done(): boolean {
    return this.at >= this.bytes.length;
  }
  u8(): number {
    return this.bytes.readUInt8(this.at++);
  }
  i8(): number {
    return this.bytes.readInt8(this.at++);
  }
  u16(): number {
    this.at += 2;
    return this.bytes.readUInt16LE(this.at - 2);
  }
  u32(): number {
    this.at += 4;
    return this.bytes.readUInt32LE(this.at - 4);
  }
  u64(): number {
    this.at += 8;
    return Number(this.bytes.readBigUInt64LE(this.at - 8));
  }
  uleb(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }
  sleb(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) return (byte & 0x40) !== 0 ? value - scale : value;
    }
  }
  text(): string {
    const found = stringAt(this.bytes, this.at);
    this.at += Buffer.byteLength(found) + 1;
    return found;
  }
}

interface UnitHeader {
  readonly minimumInstructionLength: number;
  readonly defaultIsStatement: boolean;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  readonly operandCounts: readonly number[];
  /** By the number that the program uses: from 1 in DWARF 4, from 0 in DWARF 5. */
  readonly files: readonly string[];
}

const readUnit = (bytes: Buffer, strings: Strings, rows: LineRow[]): void => {
  const reader = new Reader(bytes);
  const version = reader.u16();
  if (version < 2 || version > 5) throw new Error(`line table version ${version} is not known here`);
  if (version >= 5) reader.at += 2; // address size, segment selector size
  const headerLength = reader.u32();
  const program = reader.at + headerLength;
  const header = readHeader(reader, version, strings);
  reader.at = program;
  while (!reader.done) runSequence(reader, header, rows);
};

const readHeader = (reader: Reader, version: number, strings: Strings): UnitHeader => {
  const minimumInstructionLength = reader.u8();
  if (version >= 4) reader.u8(); // operations per instruction: 1 on x86
  const defaultIsStatement = reader.u8() !== 0;
  const lineBase = reader.i8();
  const lineRange = reader.u8();
  const opcodeBase = reader.u8();
  const operandCounts = Array.from({ length: opcodeBase - 1 }, () => reader.u8());
  const files = version >= 5 ? readFiles5(reader, strings) : readFiles4(reader);
  return { minimumInstructionLength, defaultIsStatement, lineBase, lineRange, opcodeBase, operandCounts, files };
};

const readFiles4 = (reader: Reader): string[] => {
  const folders = [''];
  for (let name = reader.text(); name !== ''; name = reader.text()) folders.push(name);
  const files = [''];
  for (let name = reader.text(); name !== ''; name = reader.text()) {
    const folder = folders[reader.uleb()] ?? '';
    reader.uleb(); // modification time
    reader.uleb(); // length
    files.push(joined(folder, name));
  }
  return files;
};

const readFiles5 = (reader: Reader, strings: Strings): string[] => {
  const folders = readEntries(reader, strings).map((entry) => entry.path);
  return readEntries(reader, strings).map((entry) =>
    entry.folder === 0 ? entry.path : joined(folders[entry.folder] ?? '', entry.path),
  );
};

const DW_LNCT_PATH = 1;
const DW_LNCT_DIRECTORY = 2;

/** One of the two self-describing tables of DWARF 5 §6.2.4.1. */
const readEntries = (reader: Reader, strings: Strings): { path: string; folder: number }[] => {
  const formats = Array.from({ length: reader.u8() }, () => ({ content: reader.uleb(), form: reader.uleb() }));
  return Array.from({ length: reader.uleb() }, () => {
    const entry = { path: '', folder: 0 };
    for (const { content, form } of formats) {
      const value = readForm(reader, form, strings);
      if (content === DW_LNCT_PATH) entry.path = String(value);
      if (content === DW_LNCT_DIRECTORY) entry.folder = Number(value);
    }
    return entry;
  });
};

const readForm = (reader: Reader, form: number, strings: Strings): string | number => {
  switch (form) {
    case 0x08: // DW_FORM_string
      return reader.text();
    case 0x1f: // DW_FORM_line_strp
      return stringAt(strings.line, reader.u32());
    case 0x0e: // DW_FORM_strp
      return stringAt(strings.plain, reader.u32());
    case 0x0b: // DW_FORM_data1
      return reader.u8();
    case 0x05: // DW_FORM_data2
      return reader.u16();
    case 0x0f: // DW_FORM_udata
      return reader.uleb();
    case 0x1e: // DW_FORM_data16, an MD5
      reader.at += 16;
      return 0;
    default:
      throw new Error(`line table form 0x${form.toString(16)} is not known here`);
  }
};

const joined = (folder: string, name: string): string =>
  folder === '' || name.startsWith('/') ? name : `${folder}/${name}`;

/** Runs the line number program up to the end of one sequence. DWARF 5 §6.2.5. */
const runSequence = (reader: Reader, header: UnitHeader, rows: LineRow[]): void => {
  let address = 0;
  let file = 1;
  let line = 1;
  let isStatement = header.defaultIsStatement;
  const emit = (ends: boolean): void => {
    if (isStatement || ends) rows.push({ address, file: header.files[file] ?? '', line, ends });
  };
  const constAdvance = Math.floor((255 - header.opcodeBase) / header.lineRange) * header.minimumInstructionLength;
  while (!reader.done) {
    const opcode = reader.u8();
    if (opcode >= header.opcodeBase) {
      const adjusted = opcode - header.opcodeBase;
      address += Math.floor(adjusted / header.lineRange) * header.minimumInstructionLength;
      line += header.lineBase + (adjusted % header.lineRange);
      emit(false);
    } else if (opcode === 0) {
      const end = reader.uleb() + reader.at;
      const extended = reader.u8();
      if (extended === 2) address = reader.u64();
      reader.at = end;
      if (extended === 1) {
        emit(true);
        return;
      }
    } else if (opcode === 1) emit(false);
    else if (opcode === 2) address += reader.uleb() * header.minimumInstructionLength;
    else if (opcode === 3) line += reader.sleb();
    else if (opcode === 4) file = reader.uleb();
    else if (opcode === 6) isStatement = !isStatement;
    else if (opcode === 8) address += constAdvance;
    else if (opcode === 9) address += reader.u16();
    else for (let operand = header.operandCounts[opcode - 1] ?? 0; operand > 0; operand--) reader.uleb();
  }
};
