// What JSON.parse says of a text that is no JSON: the words of V8, as Node 20 prints them.

/** Letters of the text shown before and after the one that is wrong. */
const CONTEXT_LENGTH = 10;

/** Returns the error with its position behind it. */
export const jsonError = (what: string, at: number): SyntaxError => new SyntaxError(`${what} at position ${at}`);

/** Returns the error for the letter at `at`, which starts nothing that may stand there; at the end of the text, for the end. */
export const unexpectedToken = (text: string, at: number): SyntaxError => {
  if (at >= text.length) return new SyntaxError('Unexpected end of JSON input');
  const letter = text.charAt(at);
  if ('-0123456789'.includes(letter)) return jsonError('Unexpected number in JSON', at);
  if (letter === '"') return jsonError('Unexpected string in JSON', at);
  if (text === 'undefined' || text === 'NaN' || text === 'Infinity' || text === '[object Object]')
    return new SyntaxError(`"${text}" is not valid JSON`);
  return new SyntaxError(`Unexpected token '${letter}', ${excerpt(text, at)} is not valid JSON`);
};

/** A short text is shown whole, a long one around the place. */
const excerpt = (text: string, at: number): string => {
  if (text.length <= 2 * CONTEXT_LENGTH) return `"${text}"`;
  const isNearStart = at < CONTEXT_LENGTH;
  const isNearEnd = !isNearStart && at >= text.length - CONTEXT_LENGTH;
  const shown = text.slice(isNearStart ? 0 : at - CONTEXT_LENGTH, isNearEnd ? text.length : at + CONTEXT_LENGTH);
  return `${isNearStart ? '' : '...'}"${shown}"${isNearEnd ? '' : '...'}`;
};
