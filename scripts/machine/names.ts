// Names in the generated C.
//
//   m_drivers_virtio_queue_split__pop       function `pop` (and record, variable) of drivers/virtio/queue/split.ts
//   m_drivers_virtio_queue_split__Ring_push method `push` of its record `Ring`
//   hal_dmaRead32                           implemented by boot/
//   hed_…                                   the back end's own helpers

import type ts from 'typescript';
import { nameIn, ROOT } from '../folders.ts';

/** Returns the file's name relative to `root`, with forward slashes. */
export const relativeName = (root: string, file: ts.SourceFile): string => nameIn(root, file.fileName);

/** Returns the C prefix of everything in a module: that of a module of this package is the same in every project. Two modules whose names differ in punctuation alone get one each. */
export const modulePrefixes = (root: string, files: readonly ts.SourceFile[]): Map<ts.SourceFile, string> => {
  const prefixes = new Map<ts.SourceFile, string>();
  const used = new Set<string>();
  for (const file of files) {
    const own = relativeName(ROOT, file);
    const name = own.startsWith('../') ? relativeName(root, file) : own;
    const base = `m_${name.replace(/\.ts$/, '').replace(/\W/g, '_')}`;
    let prefix = base;
    for (let suffix = 2; used.has(prefix); suffix++) prefix = `${base}_${suffix}`;
    used.add(prefix);
    prefixes.set(file, `${prefix}__`);
  }
  return prefixes;
};

const KEYWORDS = new Set(
  `alignas alignof asm auto bool break case char const constexpr continue default do double else enum extern false float for goto if
  inline int long main nullptr register restrict return short signed sizeof static static_assert struct switch thread_local true typedef typeof
  typeof_unqual union unsigned void volatile while NULL errno stdin stdout stderr linux unix i386`.split(/\s+/),
);

/** Words, prefixes of generated names, types and macros of the C library; and names that end as ours do. */
const isTaken = (name: string): boolean =>
  KEYWORDS.has(name) || /^(hed_|hal_|m_|_)|_t$|_$/.test(name) || /^[A-Z][A-Z0-9_]+$/.test(name);

/** Returns the C name of a local, parameter or field: its own, unless C keeps that for itself. A debugger shows it. */
export const localName = (name: string): string => {
  const plain = name.replace(/[^\w]/g, (letter) => `_${letter.codePointAt(0)?.toString(16)}_`);
  return isTaken(plain) ? `${plain}_` : plain;
};

/** Returns `text` as a C string literal. */
export const cString = (text: string): string => {
  const escaped = [...Buffer.from(text, 'utf8')].map((byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${escaped.join('').replace(/\?\?/g, '?\\?')}"`;
};
