// A string in JSON, ECMA-262 §25.5.2.3 QuoteJSONString.

const QUOTE = 34;
const BACKSLASH = 92;
const SHORT_ESCAPES = 'btn fr'; // \b is 8 … \r is 13; 11 has none

/** Returns `text` quoted; control characters and lone surrogates are escaped. */
export const quotedJson = (text: string): string => {
  let result = '"';
  let plainFrom = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 32 && code !== QUOTE && code !== BACKSLASH && (code < 0xd800 || code > 0xdfff)) continue;
    if (code >= 0xd800 && code < 0xdc00 && isLow(text, i + 1)) {
      i += 1;
      continue;
    }
    result += text.slice(plainFrom, i) + escapeOf(code);
    plainFrom = i + 1;
  }
  return `${result}${text.slice(plainFrom)}"`;
};

const isLow = (text: string, at: number): boolean => {
  const code = at < text.length ? text.charCodeAt(at) : 0;
  return code >= 0xdc00 && code <= 0xdfff;
};

const escapeOf = (code: number): string => {
  if (code === QUOTE) return '\\"';
  if (code === BACKSLASH) return '\\\\';
  if (code >= 8 && code <= 13 && code !== 11) return `\\${SHORT_ESCAPES.charAt(code - 8)}`;
  return `\\u${code.toString(16).padStart(4, '0')}`;
};
