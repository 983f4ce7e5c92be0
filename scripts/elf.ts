// Reads what the build needs of a linked ELF64 image: sections and function symbols. System V ABI, chapter 4.

/** One section of the image. */
export interface ElfSection {
  readonly name: string;
  readonly type: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

/** The symbol of a function or a variable with its address. */
export interface ElfSymbol {
  readonly name: string;
  readonly address: number;
  readonly size: number;
}

/** What was read of an image. */
export interface ElfImage {
  readonly sections: readonly ElfSection[];
  readonly functions: readonly ElfSymbol[];
  /** Returns the variables, which only tests look for. */
  variables(): ElfSymbol[];
  /** Returns the bytes of a section, or an empty buffer when there is none of that name. */
  bytes(name: string): Buffer;
}

const SHT_SYMTAB = 2;
const SHT_NOBITS = 8;
const STT_OBJECT = 1;
const STT_FUNC = 2;
const SECTION_HEADER_SIZE = 64;
const SYMBOL_SIZE = 24;

/** Reads an ELF64 little-endian image. Throws when it is something else. */
export const readElf = (image: Buffer): ElfImage => {
  if (image.readUInt32BE(0) !== 0x7f454c46 || image[4] !== 2 || image[5] !== 1) throw new Error('not an ELF64 image');
  const headerOffset = Number(image.readBigUInt64LE(40));
  const sectionCount = image.readUInt16LE(60);
  const namesIndex = image.readUInt16LE(62);

  const raw = Array.from({ length: sectionCount }, (_, index) =>
    readSection(image, headerOffset + index * SECTION_HEADER_SIZE),
  );
  const names = raw[namesIndex];
  if (names === undefined) throw new Error('the ELF image has no section names');
  const sections = raw.map((section) => ({ ...section, name: stringAt(image, names.offset + section.nameOffset) }));

  const bytes = (name: string): Buffer => {
    const section = sections.find((found) => found.name === name);
    if (section === undefined || section.type === SHT_NOBITS) return Buffer.alloc(0);
    return image.subarray(section.offset, section.offset + section.size);
  };
  const symbols = (type: number): ElfSymbol[] => readSymbols(image, sections, type);
  return { sections, functions: symbols(STT_FUNC), variables: () => symbols(STT_OBJECT), bytes };
};

const readSection = (image: Buffer, at: number): Omit<ElfSection, 'name'> & { nameOffset: number } => ({
  nameOffset: image.readUInt32LE(at),
  type: image.readUInt32LE(at + 4),
  address: Number(image.readBigUInt64LE(at + 16)),
  offset: Number(image.readBigUInt64LE(at + 24)),
  size: Number(image.readBigUInt64LE(at + 32)),
  link: image.readUInt32LE(at + 40),
});

const readSymbols = (image: Buffer, sections: readonly ElfSection[], type: number): ElfSymbol[] => {
  const table = sections.find((section) => section.type === SHT_SYMTAB);
  const strings = table && sections[table.link];
  if (table === undefined || strings === undefined) return [];
  const symbols: ElfSymbol[] = [];
  for (let at = table.offset; at < table.offset + table.size; at += SYMBOL_SIZE) {
    const isOfType = ((image[at + 4] ?? 0) & 0xf) === type;
    const isDefined = image.readUInt16LE(at + 6) !== 0;
    if (!isOfType || !isDefined) continue;
    symbols.push({
      name: stringAt(image, strings.offset + image.readUInt32LE(at)),
      address: Number(image.readBigUInt64LE(at + 8)),
      size: Number(image.readBigUInt64LE(at + 16)),
    });
  }
  return symbols;
};

/** Returns the NUL-terminated string that starts at `at`. */
export const stringAt = (bytes: Buffer, at: number): string => bytes.toString('utf8', at, bytes.indexOf(0, at));

const PT_LOAD = 1;
const PROGRAM_HEADER_SIZE = 56;

/** Returns the image with what is loaded and nothing else: no sections, no debug information. */
export const stripped = (image: Buffer): Buffer => {
  const headers = Number(image.readBigUInt64LE(32));
  const count = image.readUInt16LE(56);
  let end = headers + count * PROGRAM_HEADER_SIZE;
  for (let index = 0; index < count; index++) {
    const at = headers + index * PROGRAM_HEADER_SIZE;
    if (image.readUInt32LE(at) !== PT_LOAD) continue;
    end = Math.max(end, Number(image.readBigUInt64LE(at + 8)) + Number(image.readBigUInt64LE(at + 32)));
  }
  const loaded = Buffer.from(image.subarray(0, end));
  loaded.writeBigUInt64LE(0n, 40); // e_shoff
  loaded.writeUInt16LE(0, 60); // e_shnum
  loaded.writeUInt16LE(0, 62); // e_shstrndx
  return loaded;
};
