// The names of tests that are made from a table.

import { show } from './show.ts';

/** Returns a name with its parameters in it: %s %d %i %f %j %o in turn, %# the row from 0, %$ from 1, %% a per cent sign, $name or $a.b a property of the first. */
export const title = (name: string, parameters: readonly unknown[], row: number): string => {
  let next = 0;
  const formatted = name.replaceAll(/%([sdifjo#$%])/g, (whole: string, kind: string) => {
    if (kind === '%') return '%';
    if (kind === '#') return `${row}`;
    if (kind === '$') return `${row + 1}`;
    if (next >= parameters.length) return whole;
    return format(kind, parameters[next++]);
  });
  const first = parameters[0];
  if (typeof first !== 'object' || first === null) return formatted;
  return formatted.replaceAll(/\$([A-Za-z_][\w.]*)/g, (whole: string, path: string) => {
    let found: unknown = first;
    for (const key of path.split('.')) {
      if (typeof found !== 'object' || found === null || !(key in found)) return whole;
      found = (found as Readonly<Record<string, unknown>>)[key];
    }
    return show(found);
  });
};

const format = (kind: string, value: unknown): string => {
  if (kind === 's') return typeof value === 'string' ? value : show(value);
  if (kind === 'j') return JSON.stringify(value) ?? 'undefined';
  if (kind === 'o') return show(value);
  const number = Number(value);
  return `${kind === 'i' ? Math.trunc(number) : number}`;
};
