// Whether two values have the same contents, as Vitest's toEqual and toMatchObject see it.

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** Returns whether the contents are the same: of lists, bytes, maps, sets, errors and plain objects. A property that is undefined counts as absent. */
export const isEqual = (a: unknown, b: unknown): boolean => {
  if (!isObject(a) || !isObject(b)) return Object.is(a, b);
  if (a === b) return true;
  const special = isSpecialEqual(a, b);
  if (special !== undefined) return special;
  return hasFields(a, b, isEqual) && hasFields(b, a, isEqual);
};

/** Returns whether `value` has at least the contents of `part`; lists are as long as each other. */
export const matches = (value: unknown, part: unknown): boolean => {
  if (!isObject(value) || !isObject(part)) return Object.is(value, part);
  const list = part as unknown;
  const found = value as unknown;
  if (Array.isArray(list) && Array.isArray(found))
    return list.length === found.length && list.every((element, index) => matches(found[index], element));
  return isSpecialEqual(value, part) ?? hasFields(part, value, (expected, actual) => matches(actual, expected));
};

/** Returns undefined for two plain objects. */
const isSpecialEqual = (a: unknown, b: unknown): boolean | undefined => {
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((value, i) => isEqual(value, b[i]));
  if (a instanceof Uint8Array || b instanceof Uint8Array)
    return (
      a instanceof Uint8Array && b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i])
    );
  if (a instanceof Map || b instanceof Map)
    return (
      a instanceof Map &&
      b instanceof Map &&
      a.size === b.size &&
      [...a].every(([key, value]) => isEqual(value, b.get(key)))
    );
  if (a instanceof Set || b instanceof Set)
    return a instanceof Set && b instanceof Set && a.size === b.size && [...a].every((value) => b.has(value));
  if (a instanceof Error || b instanceof Error)
    return a instanceof Error && b instanceof Error && a.name === b.name && a.message === b.message;
  return undefined;
};

const hasFields = (a: Fields, b: Fields, same: (x: unknown, y: unknown) => boolean): boolean =>
  Object.keys(a).every((key) => same(a[key], b[key]));
