// Numbers and bytes as a person reads them.

import { binaryUnit, hexDigit, hexDigitCount, larger } from './bits.ts';

const DIGITS = '0123456789abcdef';

/** The printable part of ASCII, from SPACE on. */
const PRINTABLE = ' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~';
const SPACE = 0x20;

const KIB = 1024;
const MIB = 1024 * 1024;
const GIB = 1024 * 1024 * 1024;

/** Returns `value` (an integer, 0 or more) in hexadecimal with at least `digits` digits and no prefix. */
export const hex = (value: number, digits: number): string => {
  let text = '';
  for (let place = larger(digits, hexDigitCount(value)) - 1; place >= 0; place--)
    text += DIGITS[hexDigit(value, place)];
  return text;
};

/** Returns `bytes` in hexadecimal, two digits each, with a space between. */
export const hexBytes = (bytes: Uint8Array): string => {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += i === 0 ? hex(bytes[i], 2) : ` ${hex(bytes[i], 2)}`;
  return text;
};

/** Returns how many there are of a thing: `1 port`, `2 ports`. */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** Returns `bytes` as ASCII text, with a full stop for each byte that is not printable. */
export const printableText = (bytes: Uint8Array): string => {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += printableLetter(bytes[i]);
  return text;
};

/** Returns the ASCII letter with this code, a full stop where it is not printable. */
export const printableLetter = (code: number): string =>
  code >= SPACE && code < SPACE + PRINTABLE.length ? PRINTABLE[code - SPACE] : '.';

/** Returns a count of bytes in the largest binary unit that divides it: `64 MiB`, `1536 B`. */
export const formatBytes = (bytes: number): string => {
  const unit = binaryUnit(bytes);
  if (unit === 3) return `${bytes / GIB} GiB`;
  if (unit === 2) return `${bytes / MIB} MiB`;
  return unit === 1 ? `${bytes / KIB} KiB` : `${bytes} B`;
};
