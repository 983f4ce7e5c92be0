// String.prototype.replace and replaceAll with a function and a pattern that names its groups: the function is given the groups last.
// ECMA-262 §22.2.6.11.

type Replacer = (match: string, ...rest: unknown[]) => unknown;

/** Returns `text` with what `pattern` matches replaced by what `replacer` returns: the first match, or all of them when it is global. */
export const replaceMatches = (text: string, pattern: string | RegExp, replacer: Replacer): string => {
  if (typeof pattern === 'string') return text.replace(pattern, replacer as never);
  const isGlobal = pattern.global;
  if (isGlobal) pattern.lastIndex = 0;
  let result = '';
  let from = 0;
  while (!isGlobal || pattern.lastIndex <= text.length) {
    const found = pattern.exec(text);
    if (found === null) break;
    result += `${text.slice(from, found.index)}${replacer(found[0], ...valuesOf(found, text))}`;
    from = found.index + found[0].length;
    if (!isGlobal) break;
    if (found[0] === '') pattern.lastIndex = from + 1; // Nothing was matched: the next match starts behind the next letter.
  }
  if (isGlobal) pattern.lastIndex = 0;
  return result + text.slice(from);
};

/** What the function is given behind the match: captures, index, the whole text, and the groups when the pattern names some. */
const valuesOf = (found: RegExpExecArray, text: string): unknown[] => {
  const values: unknown[] = [];
  for (let i = 1; i < found.length; i++) values.push(found[i]);
  values.push(found.index, text);
  if (found.groups !== undefined) values.push(found.groups);
  return values;
};
