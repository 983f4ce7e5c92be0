// UTF-8: TextEncoder and TextDecoder. https://encoding.spec.whatwg.org/#utf-8

const REPLACEMENT = 0xfffd;
const FIRST_BYTES = [0, 0xc0, 0xe0, 0xf0]; // by the number of bytes that follow

/** The global TextEncoder. */
export class Utf8Encoder {
  readonly encoding = 'utf-8';
  encode(text = ''): Uint8Array {
    return encodeUtf8(text);
  }
}

/** The global TextDecoder, for UTF-8 alone. Throws RangeError for another encoding. */
export class Utf8Decoder {
  readonly encoding = 'utf-8';
  readonly fatal = false;
  readonly ignoreBOM = false;
  constructor(label = 'utf-8') {
    if (label !== 'utf-8' && label !== 'utf8') throw new RangeError(`The "${label}" encoding is not supported`);
  }
  decode(bytes?: Uint8Array): string {
    return bytes === undefined ? '' : decodeUtf8(bytes);
  }
}

/** Returns `text` as UTF-8; a lone surrogate becomes U+FFFD. */
export const encodeUtf8 = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code >= 0xd800 && code < 0xe000) {
      const low = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
      const isPair = code < 0xdc00 && low >= 0xdc00 && low < 0xe000;
      code = isPair ? 0x10000 + (code - 0xd800) * 0x400 + (low - 0xdc00) : REPLACEMENT;
      if (isPair) i += 1;
    }
    length = append(bytes, length, code);
  }
  return bytes.slice(0, length);
};

const append = (bytes: Uint8Array, at: number, code: number): number => {
  if (code < 0x80) {
    bytes[at] = code;
    return at + 1;
  }
  const more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  bytes[at] = (FIRST_BYTES[more] as number) | (code >> (6 * more));
  for (let i = 1; i <= more; i++) bytes[at + i] = 0x80 | ((code >> (6 * (more - i))) & 0x3f);
  return at + more + 1;
};

/** Returns the text of UTF-8 `bytes`. Each ill-formed part becomes U+FFFD, a byte order mark at the start goes. */
export const decodeUtf8 = (bytes: Uint8Array): string => {
  let text = '';
  let at = bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length) {
    const first = bytes[at] as number;
    at += 1;
    const more =
      first < 0x80
        ? 0
        : first >= 0xc2 && first < 0xe0
          ? 1
          : first >= 0xe0 && first < 0xf0
            ? 2
            : first >= 0xf0 && first < 0xf5
              ? 3
              : -1;
    let code = more < 0 ? REPLACEMENT : more === 0 ? first : first & (0x3f >> more);
    // The first continuation byte has narrower limits where the code would be overlong, a surrogate or beyond U+10FFFF.
    let lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    let highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    for (let i = 0; i < more; i++) {
      const next = at < bytes.length ? (bytes[at] as number) : 0;
      if (next < lowest || next > highest) {
        code = REPLACEMENT;
        break;
      }
      code = code * 0x40 + (next & 0x3f);
      at += 1;
      lowest = 0x80;
      highest = 0xbf;
    }
    text += String.fromCodePoint(code);
  }
  return text;
};
