// Members of a base class. ECMA-262 §10.1.8.

/** Returns what `name` is for `receiver` when looked up from `holder`: a value, or what its getter returns. */
export const readInherited = (holder: object, name: string, receiver: unknown): unknown => {
  for (let at: object | null = holder; at !== null; at = Object.getPrototypeOf(at)) {
    const property = Object.getOwnPropertyDescriptor(at, name);
    if (property === undefined) continue;
    return property.get === undefined ? property.value : property.get.call(receiver);
  }
  return undefined;
};
