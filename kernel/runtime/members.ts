// `in` and for…in over what may be anything. ECMA-262 §13.10.1, §14.7.5.9.

/** Tells whether `value` has a member of that name, itself or by its prototypes. Throws TypeError when it is no object. */
export const hasMember = (key: PropertyKey, value: unknown): boolean => {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null)
    throw new TypeError(`Cannot use 'in' operator to search for '${String(key)}' in ${String(value)}`);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Number(key) < (value as Uint8Array).length;
  return key in value;
};

/** Tells whether a name that for…in was going to give is still there. */
export const isStillIn = (key: string, value: unknown): boolean => typeof value !== 'object' || hasMember(key, value);
