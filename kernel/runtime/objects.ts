// Functions of Object, Array and Map that the compiler below gets wrong.

import { ownNames } from './own-keys.ts';

/** Object.getOwnPropertyDescriptor, its members in the standard's order. */
export const describeProperty = (object: object, key: string | symbol | number): PropertyDescriptor | undefined => {
  const found = Object.getOwnPropertyDescriptor(object, key);
  if (found === undefined) return undefined;
  const { enumerable, configurable } = found;
  if (found.get !== undefined || found.set !== undefined)
    return { get: found.get, set: found.set, enumerable, configurable };
  return { value: found.value, writable: found.writable, enumerable, configurable };
};

/** Object.getOwnPropertyDescriptors. */
export const describeProperties = (object: object): Record<string, PropertyDescriptor | undefined> => {
  const described: Record<string, PropertyDescriptor | undefined> = {};
  for (const name of ownNames(object)) described[name] = describeProperty(object, name);
  return described;
};

/** Array.prototype.flat: holes vanish at every level it opens. */
export const flatten = (list: readonly unknown[], depth = 1): unknown[] => {
  const flat: unknown[] = [];
  addFlat(flat, list, depth);
  return flat;
};

const addFlat = (flat: unknown[], list: readonly unknown[], depth: number): void => {
  list.forEach((item) => {
    if (Array.isArray(item) && depth >= 1) addFlat(flat, item, depth - 1);
    else flat.push(item);
  });
};

/** Array.prototype.with. Throws RangeError when there is no such element. */
export const withElement = <T>(list: readonly T[], index: number, value: T): T[] => {
  const at = Math.trunc(index) || 0;
  const place = at < 0 ? at + list.length : at;
  if (place < 0 || place >= list.length) throw new RangeError(`Invalid index : ${index}`);
  const copy = list.slice();
  copy[place] = value;
  return copy;
};

type Fold = (folded: unknown, value: unknown, index: number, list: ArrayLike<unknown>) => unknown;

/** Array.prototype.reduce with a first value that may be undefined. */
export const foldLeft = (list: readonly unknown[], fold: Fold, first: unknown): unknown => {
  let folded = first;
  list.forEach((value, index) => {
    folded = fold(folded, value, index, list);
  });
  return folded;
};

/** Array.prototype.reduceRight with a first value that may be undefined. */
export const foldRight = (list: readonly unknown[], fold: Fold, first: unknown): unknown => {
  let folded = first;
  for (let index = list.length - 1; index >= 0; index--) {
    if (ArrayBuffer.isView(list) || index in list) folded = fold(folded, list[index], index, list);
  }
  return folded;
};

type EntryCallback = (this: unknown, value: unknown, key: unknown, map: ReadonlyMap<unknown, unknown>) => void;

/** Map.prototype.forEach: entries added on the way are seen. */
export const forEachEntry = (map: ReadonlyMap<unknown, unknown>, callback: EntryCallback, self?: unknown): void => {
  for (const [key, value] of map) callback.call(self, value, key, map);
};
