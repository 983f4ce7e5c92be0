// Whether a temporary of Porffor's may go.

/** Returns true when, from `at` to the end of the function, `name` is set before it is read, or not named at all. */
export const isDeadAfter = (c: string, at: number, name: string): boolean => {
  const rest = c.slice(at, c.indexOf('\n}\n', at) + 1);
  const next = new RegExp(String.raw`^(.*?)\b${name}\b(.*)$`, 'm').exec(rest);
  return (
    next === null ||
    (/^\t*$/.test(next[1]!) && next[2]!.startsWith(' = ') && !new RegExp(String.raw`\b${name}\b`).test(next[2]!))
  );
};
