/** Gives a function the name of the key under which it stands in an object literal, and returns it. ECMA-262 §10.2.9 */
export const named = <T extends object>(given: T, key: unknown): T => {
  const name = typeof key === 'symbol' ? `[${key.description ?? ''}]` : String(key);
  return Object.defineProperty(given, 'name', { value: name, configurable: true });
};
