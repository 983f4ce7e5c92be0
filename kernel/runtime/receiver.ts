// What a method is called on. A checked type says that it is there; an element that is not, says nothing.

/** Throws the TypeError of Node when a method is called on undefined or null. */
export const checkReceiver = (value: unknown, method: string): void => {
  if (value === undefined || value === null)
    throw new TypeError(`Cannot read properties of ${value} (reading '${method}')`);
};
