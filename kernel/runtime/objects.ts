// Functions of Object and Array that the compiler below gets wrong.

/** Object.getOwnPropertyDescriptor, its members in the standard's order. */
export const describeProperty = (object: object, key: string | symbol | number): PropertyDescriptor | undefined => {
  const found = Object.getOwnPropertyDescriptor(object, key);
  if (found === undefined) return undefined;
  const { enumerable, configurable } = found;
  if (found.get !== undefined || found.set !== undefined)
    return { get: found.get, set: found.set, enumerable, configurable };
  return { value: found.value, writable: found.writable, enumerable, configurable };
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
