// `make size`: what fills an image, byte by byte. Code is the module's whose line it was made from, also where the compiler has put it into another
// function; constants are known by the symbols of the linked file; the sum is the size of the file.

import { type LineRow, readLineTable } from './dwarf.ts';
import { type ElfImage, type ElfSection, type ElfSymbol, readElf } from './elf.ts';
import { sourceName } from './symbols.ts';

/** One part of an image: a module by its path, or what else there is in words. */
export interface ImagePart {
  readonly kind: PartKind;
  readonly name: string;
  readonly bytes: number;
}

/** The kinds of parts, in the order in which they are summed up. */
export const PART_KINDS = [
  'TypeScript',
  'Zig',
  'JavaScript run time',
  'C library',
  'constants',
  'backtraces',
  'file format',
] as const;

/** One of them. */
export type PartKind = (typeof PART_KINDS)[number];

/** What an image is made of: `parts` add up to `fileBytes`. `zeroedBytes` are those that it takes in memory and not in the file. */
export interface ImageSize {
  readonly parts: readonly ImagePart[];
  readonly fileBytes: number;
  readonly zeroedBytes: number;
}

/** A stretch of addresses or of the file, up to where the next one begins. */
interface Stretch {
  readonly start: number;
  readonly kind: PartKind;
  readonly name: string;
}

const SHT_NOBITS = 8;

/** Returns the parts of an image, the largest first. `linked` is the file with debug information, `fileBytes` the length of the one that boots. */
export const measureImage = (linked: Buffer, fileBytes: number): ImageSize => {
  const elf = readElf(linked);
  const sections = elf.sections
    .filter(({ address, type, size }) => address !== 0 && type !== SHT_NOBITS && size !== 0)
    .sort((a, b) => a.offset - b.offset);
  const total = new Map<string, ImagePart>();
  const add = (kind: PartKind, name: string, bytes: number): void => {
    const key = `${kind} ${name}`;
    if (bytes > 0) total.set(key, { kind, name, bytes: (total.get(key)?.bytes ?? 0) + bytes });
  };

  let end = 0;
  for (const section of sections) {
    add('file format', end === 0 ? 'ELF headers' : 'gaps up to the next page', section.offset - end);
    for (const { kind, name, bytes } of partsOf(section, elf)) add(kind, name, bytes);
    end = section.offset + section.size;
  }
  add('file format', 'gaps up to the next page', fileBytes - end);
  const zeroed = elf.sections.filter(({ address, type }) => address !== 0 && type === SHT_NOBITS);
  return {
    parts: [...total.values()].sort((a, b) => b.bytes - a.bytes || a.name.localeCompare(b.name)),
    fileBytes,
    zeroedBytes: zeroed.reduce((sum, { size }) => sum + size, 0),
  };
};

const partsOf = (section: ElfSection, elf: ElfImage): ImagePart[] => {
  switch (section.name) {
    case '.text':
      return cut(section, codeStretches(readLineTable(elf)), {
        kind: 'C library',
        name: 'assembly, and gaps between functions',
      });
    case '.hedyn.symbols':
      return [{ kind: 'backtraces', name: 'names and lines', bytes: section.size }];
    case '.rodata':
    case '.data':
      return cut(section, dataStretches(elf.variables()), {
        kind: 'constants',
        name: 'texts, tables and numbers without a name',
      });
    default:
      return [{ kind: 'file format', name: section.name, bytes: section.size }];
  }
};

/** Cuts a section at the starts of stretches; what lies before the first, or where one is undefined, is `rest`. */
const cut = (
  section: ElfSection,
  stretches: readonly (Stretch | { start: number; kind?: undefined })[],
  rest: Omit<ImagePart, 'bytes'>,
): ImagePart[] => {
  const end = section.address + section.size;
  const inside = stretches.filter(({ start }) => start >= section.address && start < end);
  const parts: ImagePart[] = [{ ...rest, bytes: (inside[0]?.start ?? end) - section.address }];
  for (const [index, stretch] of inside.entries()) {
    const { kind, name } = stretch.kind === undefined ? rest : stretch;
    parts.push({ kind, name, bytes: (inside[index + 1]?.start ?? end) - stretch.start });
  }
  return parts;
};

const codeStretches = (rows: readonly LineRow[]): (Stretch | { start: number })[] =>
  [...rows]
    .sort((a, b) => a.address - b.address || Number(b.ends) - Number(a.ends))
    .map((row) => (row.ends ? { start: row.address } : { start: row.address, ...codePart(row.file) }));

/** Returns whose code comes from a file, as the compiler names it. */
const codePart = (file: string): { kind: PartKind; name: string } => {
  const own = sourceName(file);
  if (own.endsWith('.ts')) return { kind: 'TypeScript', name: own };
  if (own !== '') return { kind: 'Zig', name: own };
  if (file === 'machine prelude') return { kind: 'TypeScript', name: 'checks of machine modules' };
  if (file === 'machine glue') return { kind: 'TypeScript', name: 'calls between the planes' };
  if (file.includes('/libc/musl/')) return { kind: 'C library', name: 'musl' };
  if (file.includes('/compiler_rt')) return { kind: 'C library', name: "the compiler's own helpers" };
  if (file.endsWith('.zig')) return { kind: 'Zig', name: "Zig's own library" };
  return { kind: 'JavaScript run time', name: 'Porffor: built-ins, objects, the collector' };
};

/** Two symbols may share their bytes: those are the first one's. */
const dataStretches = (variables: readonly ElfSymbol[]): (Stretch | { start: number })[] => {
  let end = 0;
  return [...variables]
    .sort((a, b) => a.address - b.address || b.size - a.size)
    .flatMap(({ address, size, name }) => {
      if (address < end) return [];
      const gap = address > end ? [{ start: end }] : [];
      end = address + size;
      return [...gap, { start: address, ...dataPart(name) }];
    });
};

const dataPart = (name: string): { kind: PartKind; name: string } => {
  if (name === 'porf_data') return { kind: 'constants', name: 'texts and literals of the control plane' };
  if (/^(hedyn_|porf_|p\d+_)/.test(name)) return { kind: 'JavaScript run time', name: 'tables' };
  const machine = /^m_(\w+?)__\w+$/.exec(name)?.[1];
  if (machine !== undefined) return { kind: 'TypeScript', name: `data of ${machine}` };
  return /^(__anon_|[\w-]+\.)/.test(name) ? { kind: 'Zig', name: 'tables' } : { kind: 'C library', name: 'tables' };
};

/** Returns the parts as a table for people: each kind with its sum, the largest parts of each below it. */
export const sizeTable = (size: ImageSize): string => {
  const row = (bytes: number, text: string): string =>
    `${bytes.toLocaleString('en-US').padStart(10)} ${((bytes / size.fileBytes) * 100).toFixed(1).padStart(5)} %  ${text}`;
  const lines = PART_KINDS.flatMap((kind) => {
    const parts = size.parts.filter((part) => part.kind === kind);
    const sum = parts.reduce((bytes, part) => bytes + part.bytes, 0);
    return sum === 0 ? [] : [row(sum, kind), ...parts.map(({ bytes, name }) => row(bytes, `  ${name}`))];
  });
  return [
    ...lines,
    row(size.fileBytes, 'the file'),
    `${size.zeroedBytes.toLocaleString('en-US').padStart(10)}          zeroed memory beside it`,
  ].join('\n');
};
