// String.prototype.replace and replaceAll with a pattern: a function is given the groups by name, a text may have `$12` and `$<name>`, and a
// sticky pattern goes on where it stands. ECMA-262 §22.2.6.11, §22.1.3.19.1.

import { checkReceiver } from './receiver.ts';
import { patternOf } from './strings.ts';

type Replacer = (match: string, ...rest: unknown[]) => unknown;

/** False for a text, and for what is to be one. */
const isPattern = (value: unknown): value is RegExp => typeof value === 'object' && value !== null;

/**
 * Returns `text` with what `pattern` matches replaced by what `replacer` says or returns: the first match, or all of them when it is
 * global.
 */
export const replaceMatches = (text: string, pattern: string | RegExp, replacer: string | Replacer): string =>
  isPattern(pattern) ? replaceWith(text, pattern, replacer) : text.replace(`${pattern}`, replacer as never);

/** The same for replaceAll. Throws TypeError for a pattern that is not global. */
export const replaceAllMatches = (text: string, pattern: string | RegExp, replacer: string | Replacer): string => {
  if (!isPattern(pattern)) return text.replaceAll(`${pattern}`, replacer as never);
  if (!pattern.global) throw new TypeError('replaceAll must be called with a global RegExp');
  return replaceWith(text, pattern, replacer);
};

const replaceWith = (text: string, pattern: RegExp, replacer: string | Replacer): string => {
  const isGlobal = pattern.global;
  if (isGlobal) pattern.lastIndex = 0;
  let result = '';
  let from = 0;
  while (!isGlobal || pattern.lastIndex <= text.length) {
    const found = pattern.exec(text);
    if (found === null) break;
    const made =
      typeof replacer === 'string' ? expand(replacer, found, text) : replacer(found[0], ...valuesOf(found, text));
    result += `${text.slice(from, found.index)}${made}`;
    from = found.index + found[0].length;
    if (!isGlobal) break;
    if (found[0] === '') pattern.lastIndex = behind(text, from, pattern); // Nothing was matched.
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

/** Returns the replacement with its `$$ $& $` $' $1 $12 $<name>` put in. */
const expand = (replacement: string, found: RegExpExecArray, text: string): string => {
  let made = '';
  let at = 0;
  for (let mark = replacement.indexOf('$'); mark >= 0; mark = replacement.indexOf('$', at)) {
    made += replacement.slice(at, mark);
    const kind = replacement.charAt(mark + 1);
    at = mark + 2;
    if (kind === '$') made += '$';
    else if (kind === '&') made += found[0];
    else if (kind === '`') made += text.slice(0, found.index);
    else if (kind === "'") made += text.slice(found.index + found[0].length);
    else if (kind === '<' && found.groups !== undefined && replacement.indexOf('>', at) >= 0) {
      const end = replacement.indexOf('>', at);
      made += found.groups[replacement.slice(at, end)] ?? '';
      at = end + 1;
    } else {
      const digits = groupDigits(replacement, mark + 1, found.length - 1);
      at = mark + 1 + digits;
      made += digits === 0 ? '$' : (found[Number(replacement.slice(mark + 1, at))] ?? '');
    }
  }
  return made + replacement.slice(at);
};

/** Returns how many of the digits at `at` name a group: two, one, or none. */
const groupDigits = (text: string, at: number, groupCount: number): number => {
  for (const digits of [2, 1]) {
    const number = text.slice(at, at + digits);
    if (number.length === digits && /^\d+$/.test(number) && Number(number) >= 1 && Number(number) <= groupCount)
      return digits;
  }
  return 0;
};

/** String.prototype.matchAll: leaves the pattern's own place alone. Throws TypeError for a pattern that is not global. */
export const matchesOf = (text: string, pattern: string | RegExp): Iterable<RegExpExecArray> => {
  checkReceiver(text, 'matchAll');
  if (!isPattern(pattern)) return matchesFrom(text, patternOf(pattern, 'g'));
  if (!pattern.global) throw new TypeError('String.prototype.matchAll called with a non-global RegExp argument');
  const copy = new RegExp(pattern.source, pattern.flags);
  copy.lastIndex = pattern.lastIndex;
  return matchesFrom(text, copy);
};

function* matchesFrom(text: string, pattern: RegExp): Generator<RegExpExecArray> {
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    yield found;
    if (found[0] === '') pattern.lastIndex = behind(text, pattern.lastIndex, pattern);
  }
}

/** Returns the place of the next letter; with the flag u a pair of surrogates is one. */
const behind = (text: string, at: number, pattern: RegExp): number =>
  pattern.unicode && (text.codePointAt(at) ?? 0) > 0xffff ? at + 2 : at + 1;
