// The names of Porffor's own functions in its C: a number, and what the function is called in its library.

/** Returns the C name of a function of Porffor's run time. Throws when it is not there. */
export const nameOf = (c: string, suffix: string): string => {
  const name = new RegExp(`^\\w+ (p\\d+_${suffix})\\(`, 'm').exec(c)?.[1];
  if (!name) throw new Error(`Porffor's C has changed: no function ${suffix}`);
  return name;
};
