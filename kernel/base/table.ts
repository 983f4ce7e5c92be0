// Tables of names, as text: a key, a space and a name on each line. A row costs its letters and no code.

/**
 * Returns the name behind `key` in `table`, or undefined where no line begins with it. The table begins and ends with a line feed:
 *
 *     `
 *     0600 host-bridge
 *     0604 pci-bridge
 *     `
 */
export const lookUp = (table: string, key: string): string | undefined => {
  const found = table.indexOf(`\n${key} `);
  if (found === -1) return undefined;
  const start = found + key.length + 2;
  return table.slice(start, table.indexOf('\n', start));
};
