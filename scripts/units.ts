// The C of the control plane in parts, for a development build: what did not change is an object already.
//
//   head: types, macros, inline functions ─┬─▶ runtime     the functions of the head
//   variables                              ├─▶ variables   and the data that strings lie in
//   functions of the program, by module    ├─▶ modules, some in each part
//   tail: calls by number, main            └─▶ tail
//
// A change must not reach what it does not concern. Porffor numbers all functions through, and lays all strings and places of properties one behind the other: a new one moves those that
// follow. So a function goes by its name and how many of that name came before it, and an address by a symbol that is named after what lies there. The linker is told what the symbols
// are worth; a number that only happens to be an address is worth the same.

import { hashOf } from './cache.ts';
import { holdPlaces, NO_PLACE } from './patch/places.ts';

/** The parts. `symbols` are lines for the linker's script. */
export interface Units {
  readonly texts: readonly string[];
  readonly symbols: string;
}

/** Returns the program in parts. Throws an Error when Porffor's C has another shape than is known. */
export const splitUnits = (c: string): Units => {
  const functions = stableNames(c);
  const renamed = new Map([...functions.values()].map(({ name, stable }) => [name, stable]));
  const pieces = piecesOf(c.replace(/\bp\d+_\w+/g, (name) => renamed.get(name)!));
  const addresses = createAddresses(pieces, (index) => functions.get(index)?.stable);
  const head = pieces.head.map(addresses.named);
  const shared = [
    ...head.map(declared),
    ...[...pieces.between, ...pieces.tail]
      .filter(({ kind }) => kind === 'function' || kind === 'variable')
      .map(declared),
  ];
  const bodies = (own: readonly Piece[]): string[] => own.map((piece) => withoutStatic(addresses.named(piece).text));
  const trim = createTrimmer(shared);
  const texts = [
    createTrimmer(head.map(runtimePart))(bodies(pieces.between)),
    trim(head.filter(({ kind }) => kind === 'variable').map(definition)),
    trim(pieces.tail.map(({ text }) => withoutStatic(text))),
    ...groupsOf(pieces.program).map((group) => trim(bodies(group))),
  ].map((text) => holdPlaces(text));
  return {
    texts: texts.map((text) => `${NO_PLACE}\n${addresses.declarations(text)}${text}`),
    symbols: addresses.symbols(),
  };
};

/** What stands at the top level. `text` is whole lines. */
interface Piece {
  readonly kind: 'function' | 'inline' | 'prototype' | 'variable' | 'other';
  /** Of a function. */
  readonly name: string;
  readonly text: string;
}

interface Pieces {
  /** Everything before the first function of the program. */
  readonly head: readonly Piece[];
  readonly program: readonly Piece[];
  /** The functions of the run time between those of the program, and behind them. */
  readonly between: readonly Piece[];
  readonly tail: readonly Piece[];
}

const PROGRAM_NAME = /^p\d+_/;

const piecesOf = (c: string): Pieces => {
  const pieces = parse(c);
  const isProgram = (piece: Piece): boolean => piece.kind === 'function' && PROGRAM_NAME.test(piece.name);
  const first = pieces.findIndex(isProgram);
  const last = pieces.findLastIndex(isProgram);
  if (first < 0) throw new Error("Porffor's C has changed: no function of the program is found");
  return {
    head: pieces.slice(0, first),
    program: pieces.filter(isProgram),
    between: pieces.slice(first, last).filter((piece) => !isProgram(piece)),
    tail: pieces.slice(last + 1),
  };
};

const FUNCTION = /^\t?(?![\s#/}]|typedef|struct \w+ \{|enum|union|extern)([^;={]*?[\s*])\(?(\w+)\)?\((.*)\) ?\{(.*)$/;
const STATIC = /^(?:__attribute__\(\(.*?\)\)\s+)*static /;
const ATTRIBUTES = /__attribute__\(\(.*?\)\)/g;
/** It says something of a body. */
const BODY_ATTRIBUTE = /__attribute__\(\(no_builtin\("\w+"\)\)\) /;
/** Attributes on a line of their own, which belong to the next one. */
const ATTRIBUTE_LINE =
  /^(?:#if defined\(__GNUC__\) \|\| defined\(__clang__\)\n)?(__attribute__\(\(.*\)\))\n(?:#endif\n)?/gm;

/** Returns what stands at the top level, in order. */
const parse = (c: string): Piece[] => {
  const lines = c.replace(ATTRIBUTE_LINE, '$1 ').split('\n');
  const pieces: Piece[] = [];
  for (let at = 0; at < lines.length; ) {
    const from = at;
    const line = lines[at]!;
    if (/^(?:\/\/.*|\/\*.*\*\/)?$/.test(line)) {
      at++;
      continue;
    }
    const [, before, name, , rest] = FUNCTION.exec(line) ?? [];
    if (name !== undefined) {
      const ends = line.startsWith('\t') ? ['\t}', '}'] : ['}'];
      if (!rest!.trimEnd().endsWith('}')) while (!ends.includes(lines[at]!)) at = within(lines, at + 1, line);
      const kind = /\binline\b/.test(before!) ? 'inline' : 'function';
      pieces.push({ kind, name, text: `${lines.slice(from, ++at).join('\n')}\n` });
      continue;
    }
    const isStatic = STATIC.test(line);
    if (isStatic) while (!/;(?: *\/\/.*)?$/.test(lines[at]!)) at = within(lines, at + 1, line);
    else if (line.startsWith('#')) while (lines[at]!.endsWith('\\')) at++;
    else if (/^(?:typedef )?(?:struct|enum|union)\b.*\{$/.test(line))
      while (!/^}.*;$/.test(lines[at]!)) at = within(lines, at + 1, line);
    const text = `${lines.slice(from, ++at).join('\n')}\n`;
    const isVariable = isStatic && !/^[^=]*\w\([^=]*\);/.test(text.replace(ATTRIBUTES, ''));
    pieces.push({ kind: isVariable ? 'variable' : isStatic ? 'prototype' : 'other', name: '', text });
  }
  return pieces;
};

const within = (lines: readonly string[], at: number, line: string): number => {
  if (at < lines.length) return at;
  throw new Error(`Porffor's C has changed: no end of ${line}`);
};

/** The functions of the program by their numbers, under names that do not tell the number: p3_map is the fourth map. */
const stableNames = (c: string): ReadonlyMap<number, { readonly name: string; readonly stable: string }> => {
  const found = [...new Set(c.match(/\bp\d+_\w+/g))].map((name) => [Number.parseInt(name.slice(1), 10), name] as const);
  const counts = new Map<string, number>();
  return new Map(
    found
      .sort(([a], [b]) => a - b)
      .map(([index, name]) => {
        const own = name.replace(PROGRAM_NAME, '');
        const rank = counts.get(own) ?? 0;
        counts.set(own, rank + 1);
        return [index, { name, stable: `p${rank}_${own}` }];
      }),
  );
};

/** A piece of the head as the other parts see it. */
const declared = (piece: Piece): string => {
  if (piece.kind === 'function') return piece.name === 'main' ? '' : prototype(piece);
  if (piece.kind === 'variable') return `extern ${variableHead(piece)};\n`;
  return piece.kind === 'prototype' ? withoutStatic(piece.text) : piece.text;
};

const runtimePart = (piece: Piece): string => (piece.kind === 'function' ? withoutStatic(piece.text) : declared(piece));

const prototype = ({ text }: Piece): string => {
  const head = text.slice(0, text.indexOf(') {') + 1).replace(BODY_ATTRIBUTE, '');
  return `${withoutStatic(head)};\n`;
};

/** Everything has one name in all parts. */
const withoutStatic = (text: string): string =>
  text.replace(/^(\t?(?:__attribute__\(\(.*?\)\)\s+)*)static (?!inline)/, '$1');

/** Returns the variable without its value, under a name that no C library has. */
const variableHead = ({ text }: Piece): string => {
  const head = /^static ([^=]*?)(?: =[\s\S]*)?;[^;]*$/.exec(text)![1]!;
  const own = /^(?:i32|u32|f64|jsval) (\w+)$/.exec(head)?.[1];
  return own === undefined || /^(?:porf|hedyn|hed)_/.test(own) ? head : `${head} __asm__("js.${own}")`;
};

const definition = (piece: Piece): string => {
  const value = /^[^=]*?( =[\s\S]*)$/.exec(piece.text)?.[1];
  return `${variableHead(piece)}${value ?? ';\n'}`;
};

/** What a part has of the head only when it says the name: what is one line and declares a function or a variable. */
const isDeclaration = (text: string): boolean =>
  /^(?!#|typedef|static|struct \w+ \{|enum|union)[^{]*;\n$/.test(text) && !text.includes('\n', text.indexOf('\n') + 1);

/** Returns a function that puts what is shared in front of a part, without the declarations that it does not need. */
const createTrimmer = (shared: readonly string[]): ((own: readonly string[]) => string) => {
  const parts = shared.map((text) => ({ text, name: isDeclaration(text) ? nameDeclared(text) : undefined }));
  const always = new Set(parts.flatMap(({ text, name }) => (name === undefined ? namesIn(text) : [])));
  return (own) => {
    const needed = new Set(own.flatMap(namesIn));
    const kept = parts.filter(({ name }) => name === undefined || always.has(name) || needed.has(name));
    return [...kept.map(({ text }) => text), ...own].join('');
  };
};

const namesIn = (text: string): readonly string[] => text.match(/\b[A-Za-z_]\w*/g) ?? [];

const nameDeclared = (declaration: string): string => {
  const name = /(\w+)(?: __asm__\("[^"]*"\))?(?:\[.*\])?;|(\w+)\)?\(/.exec(declaration.replace(ATTRIBUTES, ''));
  if (name === null) throw new Error(`Porffor's C has changed: no name in ${declaration}`);
  return (name[1] ?? name[2])!;
};

/** Big enough that the head, which each part has, counts for little, and small enough that one is compiled at once. */
const GROUP_LENGTH = 250_000;

/** Returns the functions in groups that stay together: those of a module always, and a module in the group that its name tells. */
const groupsOf = (functions: readonly Piece[]): Piece[][] => {
  const sections = new Map<string, Piece[]>();
  for (const piece of functions) {
    const file = /^#line \d+ "(.*)"$/m.exec(piece.text)?.[1];
    const section =
      file === undefined
        ? 'built in'
        : /^(?:\.\.\/)*(?:node_modules\/hedyn\/)?(?:kernel|drivers)\//.test(file)
          ? 'below'
          : 'own';
    sections.set(section, [...(sections.get(section) ?? []), piece]);
  }
  return [...sections.values()].flatMap((section) => {
    const length = section.reduce((sum, { text }) => sum + text.length, 0);
    const count = 2 ** Math.max(0, Math.ceil(Math.log2(length / GROUP_LENGTH)));
    const groups = Array.from({ length: count }, (): Piece[] => []);
    for (const piece of section) {
      const key = /^#line \d+ "(.*)"$/m.exec(piece.text)?.[1] ?? piece.name;
      groups[Number.parseInt(hashOf(key).slice(0, 8), 16) % count]!.push(piece);
    }
    return groups.filter((group) => group.length > 0);
  });
};

interface Addresses {
  /** Returns a piece with symbols for what are, or could be, addresses and numbers of functions. */
  readonly named: (piece: Piece) => Piece;
  /** Returns the declarations of the symbols that a text names. */
  readonly declarations: (text: string) => string;
  readonly symbols: () => string;
}

/** The number of a function, or a number with what is added to it and, behind it, the type of a function. */
const NUMBER = /(?<=\bhedyn_(?:function\(|add_method\(\w+, \w+, ))(\d+)u\b|\b(\d+)u(?: \+ (\d+))?\b(?=(, 6\))?)/g;
const LOWEST_ADDRESS = 256;

const STATIC_END = /^(#define PORF_STATIC_END )(\d+)u$/m;

const createAddresses = (pieces: Pieces, nameOf: (index: number) => string | undefined): Addresses => {
  const { head, program, between } = pieces;
  const end = Number(head.map(({ text }) => STATIC_END.exec(text)?.[2]).find((digits) => digits !== undefined));
  const places = placesOf(program);
  const data = dataOf(head);
  const isAddress = (value: number): boolean => value >= LOWEST_ADDRESS && value % 8 === 0 && value < end;
  const used = [...head, ...program, ...between]
    .filter(isCode)
    .flatMap(({ text }) => [...text.matchAll(NUMBER)].map((match) => Number(match[2])).filter(isAddress));
  const nameAt = dataNames(data, used, end);

  const values = new Map<string, number>();
  const symbol = (name: string, value: number): string => {
    if ((values.get(name) ?? value) !== value) return symbol(`${name}_`, value);
    values.set(name, value);
    return `((u32)(size_t)${name})`;
  };
  const namedCode = (piece: Piece): string => {
    let count = 0;
    return piece.text.replace(NUMBER, (number, index?: string, digits?: string, offset?: string, type?: string) => {
      if (index !== undefined) return symbol(`F_${nameOf(Number(index))}`, Number(index));
      const value = Number(digits);
      if (offset !== undefined && value === places) return symbol(`I_${piece.name}_${count++}`, value + Number(offset));
      if (!isAddress(value)) return number;
      const called = type === undefined ? undefined : nameOf(wordAt(data, value));
      const named = symbol(called === undefined ? nameAt(value) : `R_${called}`, value);
      return offset === undefined ? named : `${named} + ${offset}`;
    });
  };
  return {
    named(piece) {
      if (isCode(piece)) return { ...piece, text: namedCode(piece) };
      const define = STATIC_END.exec(piece.text)?.[1];
      return define === undefined ? piece : { ...piece, text: `${define}${symbol('D_end', end)}\n` };
    },
    declarations: (text) =>
      [...new Set(text.match(/(?<=\(size_t\))[DFIR]_\w+/g))]
        .sort()
        .map((name) => `extern char ${name}[];\n`)
        .join(''),
    symbols: () => [...values].map(([name, value]) => `${name} = ${value};\n`).join(''),
  };
};

const isCode = ({ kind }: Piece): boolean => kind === 'function' || kind === 'inline';

/** The places of properties lie behind one address, which is what most sums begin with. */
const placesOf = (program: readonly Piece[]): number | undefined => {
  const counts = new Map<number, number>();
  for (const { text } of program)
    for (const [, base] of text.matchAll(/\b(\d+)u \+ \d+\b/g))
      counts.set(Number(base), (counts.get(Number(base)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
};

/** Where the data lies in the heap. */
const DATA_ADDRESS = 16;

/** Returns the data of the program. */
const dataOf = (head: readonly Piece[]): Buffer => {
  const text = head.find((piece) => piece.text.startsWith('static const u8 porf_data[]'))?.text;
  if (text === undefined) throw new Error("Porffor's C has changed: no porf_data");
  const bytes: number[] = [];
  for (const [, literal] of text.matchAll(/"((?:[^"\\]|\\.)*)"/g))
    for (const [, octal, escaped, plain] of literal!.matchAll(/\\([0-7]{1,3})|\\(.)|([^\\])/g))
      bytes.push(octal === undefined ? (escaped ?? plain)!.charCodeAt(0) : Number.parseInt(octal, 8));
  return Buffer.from(bytes);
};

/** Returns the number at an address, 0 outside the data. */
const wordAt = (data: Buffer, address: number): number =>
  address >= DATA_ADDRESS && address - DATA_ADDRESS + 4 <= data.length ? data.readUInt32LE(address - DATA_ADDRESS) : 0;

/**
 * Returns a function that names one of the `used` addresses after what lies there: a length and as many bytes, where it is a string. Where several are alike, each has a name of its own; where
 * nothing is, the distance to `end` tells.
 */
const dataNames = (data: Buffer, used: readonly number[], end: number): ((address: number) => string) => {
  const names = new Map<number, string>();
  const counts = new Map<string, number>();
  for (const address of [...new Set(used)].sort((a, b) => a - b)) {
    const from = Math.max(0, address - DATA_ADDRESS);
    const bytes = data.subarray(from, from + Math.max(8, Math.min(4 + wordAt(data, address), 64)));
    const content = bytes.length === 0 ? `end_${end - address}` : hashOf(bytes).slice(0, 12);
    const count = counts.get(content) ?? 0;
    counts.set(content, count + 1);
    names.set(address, `D_${content}_${count}`);
  }
  return (address) => names.get(address)!;
};
