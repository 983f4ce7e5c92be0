// The names of an object's own properties in ECMAScript's order (§10.1.11.1): integers ascending, then the others as they were made.
// The compiler below keeps them all as they were made.

/** The largest array index, 2^32 − 2; beyond it a name of digits is a name like any other. */
const INDEX_MAX = 4294967294;
const PRIVATE_PREFIX = '__#'; // How the compiler below stores a #private field.

/** Returns the names of the enumerable own properties, in order. */
export const ownKeys = (object: object): string[] => {
  if (ArrayBuffer.isView(object) && !(object instanceof DataView)) return indicesOf((object as Uint8Array).length);
  return inOrder(Object.keys(object));
};

/** Returns the names of all own properties, in order. */
export const ownNames = (object: object): string[] => inOrder(Object.getOwnPropertyNames(object));

/** Returns the values of the enumerable own properties, in the order of their names. */
export const ownValues = <T>(object: Record<string, T>): T[] => {
  const values: T[] = [];
  for (const key of ownKeys(object)) values.push(memberOf(object, key) as T);
  return values;
};

/** Returns [name, value] of the enumerable own properties, in the order of their names. */
export const ownEntries = <T>(object: Record<string, T>): [string, T][] => {
  const entries: [string, T][] = [];
  for (const key of ownKeys(object)) entries.push([key, memberOf(object, key) as T]);
  return entries;
};

/** Returns a property by a name from `ownKeys`; the compiler below knows elements of typed arrays by number alone. */
export const memberOf = (object: object, key: string): unknown =>
  ArrayBuffer.isView(object)
    ? (object as unknown as ArrayLike<number>)[Number(key)]
    : (object as Record<string, unknown>)[key];

/** Returns the names that for-in goes through: own ones first, then those of each prototype that are not hidden by the former. */
export const enumerableKeys = (object: object | null | undefined): string[] => {
  if (object === null || object === undefined) return [];
  const keys = ownKeys(object);
  if (Array.isArray(object) || typeof object !== 'object') return keys;
  let prototype: object | null = Object.getPrototypeOf(object);
  while (prototype !== null) {
    for (const key of ownKeys(prototype)) if (!keys.includes(key)) keys.push(key);
    prototype = Object.getPrototypeOf(prototype);
  }
  return keys;
};

const indicesOf = (length: number): string[] => {
  const indices: string[] = [];
  for (let i = 0; i < length; i++) indices.push(`${i}`);
  return indices;
};

const inOrder = (keys: string[]): string[] => {
  const indices: number[] = [];
  const names: string[] = [];
  for (const key of keys) {
    if (isIndex(key)) insertAscending(indices, Number(key));
    else if (!key.startsWith(PRIVATE_PREFIX)) names.push(key);
  }
  if (indices.length === 0 && names.length === keys.length) return keys;
  const ordered: string[] = [];
  for (const index of indices) ordered.push(`${index}`);
  for (const name of names) ordered.push(name);
  return ordered;
};

const isIndex = (key: string): boolean => {
  const first = key.charCodeAt(0);
  if (!(first >= 48 && first <= 57)) return false;
  const number = Number(key);
  return number <= INDEX_MAX && Number.isInteger(number) && `${number}` === key;
};

const insertAscending = (indices: number[], index: number): void => {
  let at = indices.length;
  indices.push(index);
  while (at > 0 && (indices[at - 1] as number) > index) {
    indices[at] = indices[at - 1] as number;
    at -= 1;
  }
  indices[at] = index;
};
