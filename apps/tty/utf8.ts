// UTF-8 that comes in pieces.

/** Decodes text that comes in pieces: a character that has not come whole is kept until the rest is there. */
export interface PieceDecoder {
  /** Returns what is whole. What is no UTF-8 is U+FFFD. */
  decode(bytes: Uint8Array): string;
  /** Returns what was kept to the end. */
  end(): string;
}

/** Returns one that has kept nothing yet. */
export const newPieceDecoder = (): PieceDecoder => {
  let rest = new Uint8Array(0);
  const decode = (bytes: Uint8Array): string => {
    const all = joined(rest, bytes);
    const length = wholeLength(all);
    rest = all.slice(length);
    return new TextDecoder().decode(all.subarray(0, length));
  };
  return { decode, end: () => new TextDecoder().decode(rest) };
};

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
};

/** Returns how many bytes there are without a character at the end that has not come whole. */
const wholeLength = (bytes: Uint8Array): number => {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte >= 0xc0) return back < lengthOfCharacter(byte) ? bytes.length - back : bytes.length;
    if (byte < 0x80) break;
  }
  return bytes.length;
};

const lengthOfCharacter = (first: number): number => {
  if (first >= 0xf0) return 4;
  return first >= 0xe0 ? 3 : 2;
};
