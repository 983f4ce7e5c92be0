// Strings as Node shows them inside objects: quoted, control characters escaped.

const SINGLE = 39;
const BACKSLASH = 92;
const SHORT_ESCAPES = 'btn fr'; // \b is 8 … \r is 13; \v has none

/** Returns `text` in the quotes that need the least escaping: single, double, or backticks. */
export const quoted = (text: string): string => {
  if (!text.includes("'")) return `'${escaped(text, true)}'`;
  if (!text.includes('"')) return `"${escaped(text, false)}"`;
  if (!text.includes('`') && !text.includes('${')) return `\`${escaped(text, false)}\``;
  return `'${escaped(text, true)}'`;
};

/** Returns `text` with control characters, backslashes, lone surrogates and, if asked, single quotes escaped. */
export const escaped = (text: string, singleQuotes: boolean): string => {
  let result = '';
  let plainFrom = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isPlain(code, singleQuotes)) continue;
    if (isPair(text, i)) {
      i += 1;
      continue;
    }
    result += text.slice(plainFrom, i) + escapeOf(code);
    plainFrom = i + 1;
  }
  return plainFrom === 0 ? text : result + text.slice(plainFrom);
};

const isPlain = (code: number, singleQuotes: boolean): boolean => {
  if (code < 32 || code === BACKSLASH || (code > 126 && code < 160)) return false;
  if (code === SINGLE) return !singleQuotes;
  return code < 0xd800 || code > 0xdfff;
};

const isPair = (text: string, at: number): boolean => {
  const low = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
  const high = text.charCodeAt(at);
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
};

const escapeOf = (code: number): string => {
  if (code === SINGLE) return "\\'";
  if (code === BACKSLASH) return '\\\\';
  if (code >= 8 && code <= 13 && code !== 11) return `\\${SHORT_ESCAPES.charAt(code - 8)}`;
  if (code >= 0xd800) return `\\u${code.toString(16)}`;
  return `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
};
