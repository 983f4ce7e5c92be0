// JSON.stringify, ECMA-262 §25.5.2.

import { quotedJson } from './json-quote.ts';
import { memberOf, ownKeys } from './own-keys.ts';

type Replacer = (this: unknown, key: string, value: unknown) => unknown;

interface Writing {
  readonly replace: Replacer | undefined;
  /** The names to write, when the caller gave a list. */
  readonly names: readonly string[] | undefined;
  readonly gap: string;
  /** The objects being written, outermost first. */
  readonly open: object[];
  indentation: string;
}

/** Returns `value` as JSON, or undefined when it has none (undefined, a function, a symbol). Throws TypeError on a cycle. */
export const stringify = (
  value: unknown,
  replacer?: Replacer | readonly (string | number)[] | null,
  space?: string | number | null,
): string | undefined => {
  const writing: Writing = {
    replace: typeof replacer === 'function' ? replacer : undefined,
    names: Array.isArray(replacer) ? uniqueNames(replacer) : undefined,
    gap:
      typeof space === 'number' ? ' '.repeat(Math.max(0, Math.min(10, Math.floor(space)))) : (space ?? '').slice(0, 10),
    open: [],
    indentation: '',
  };
  return member(writing, { '': value }, '', value);
};

const uniqueNames = (list: readonly (string | number)[]): string[] => {
  const names: string[] = [];
  for (const item of list) {
    const isName = typeof item === 'string' || typeof item === 'number';
    if (isName && !names.includes(`${item}`)) names.push(`${item}`);
  }
  return names;
};

const member = (writing: Writing, holder: object, key: string, found: unknown): string | undefined => {
  let value = found;
  if (typeof value === 'object' && value !== null) {
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') value = (value as { toJSON: (key: string) => unknown }).toJSON(key);
  }
  if (writing.replace !== undefined) value = writing.replace.call(holder, key, value);
  if (value === null) return 'null';
  if (typeof value === 'string') return quotedJson(value);
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value !== 'object') return undefined;

  if (writing.open.includes(value)) throw new TypeError('Converting circular structure to JSON');
  writing.open.push(value);
  const outer = writing.indentation;
  writing.indentation = outer + writing.gap;
  const text = Array.isArray(value) ? listText(writing, value, outer) : objectText(writing, value, outer);
  writing.indentation = outer;
  writing.open.pop();
  return text;
};

const listText = (writing: Writing, list: readonly unknown[], outer: string): string => {
  const parts: string[] = [];
  for (let i = 0; i < list.length; i++) parts.push(member(writing, list, `${i}`, list[i]) ?? 'null');
  return enclosed(writing, '[', parts, ']', outer);
};

const objectText = (writing: Writing, object: object, outer: string): string => {
  const parts: string[] = [];
  for (const key of writing.names ?? ownKeys(object)) {
    const text = member(writing, object, key, memberOf(object, key));
    if (text !== undefined) parts.push(`${quotedJson(key)}${writing.gap === '' ? ':' : ': '}${text}`);
  }
  return enclosed(writing, '{', parts, '}', outer);
};

const enclosed = (writing: Writing, open: string, parts: string[], close: string, outer: string): string => {
  if (parts.length === 0) return open + close;
  if (writing.gap === '') return open + parts.join(',') + close;
  const { indentation } = writing;
  return `${open}\n${indentation}${parts.join(`,\n${indentation}`)}\n${outer}${close}`;
};
