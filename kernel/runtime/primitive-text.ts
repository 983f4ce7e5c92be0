// How console.log shows a value that is not an object.

/** Returns what Node prints for a number, string, boolean, null or undefined on a line of its own: -0 keeps its sign. */
export const primitiveText = (value: number | string | boolean | null | undefined): string =>
  value === 0 && 1 / value < 0 ? '-0' : `${value}`;
