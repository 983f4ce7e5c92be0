// Numbers and bytes as a person reads them.

const DIGITS = '0123456789abcdef';

const KIB = 1024;
const MIB = 1024 * 1024;
const GIB = 1024 * 1024 * 1024;

/** Returns `value` (an integer, 0 or more) in hexadecimal with at least `digits` digits and no prefix. */
export const hex = (value: number, digits: number): string => {
  let text = '';
  let rest = value;
  while (rest > 0 || text.length < digits) {
    text = `${DIGITS[rest % 16]}${text}`;
    rest = Math.floor(rest / 16);
  }
  return text;
};

/** Returns `bytes` in hexadecimal, two digits each, with a space between. */
export const hexBytes = (bytes: Uint8Array): string => {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += i === 0 ? hex(bytes[i], 2) : ` ${hex(bytes[i], 2)}`;
  return text;
};

/** Returns `bytes` as ASCII text, with a full stop for each byte that is not printable. */
export const printableText = (bytes: Uint8Array): string => {
  let text = '';
  for (let i = 0; i < bytes.length; i++) {
    text += bytes[i] >= 0x20 && bytes[i] < 0x7f ? String.fromCharCode(bytes[i]) : '.';
  }
  return text;
};

/** Returns a count of bytes in the largest binary unit that divides it: `64 MiB`, `1536 B`. */
export const formatBytes = (bytes: number): string => {
  if (bytes >= GIB && bytes % GIB === 0) return `${bytes / GIB} GiB`;
  if (bytes >= MIB && bytes % MIB === 0) return `${bytes / MIB} MiB`;
  if (bytes >= KIB && bytes % KIB === 0) return `${bytes / KIB} KiB`;
  return `${bytes} B`;
};
