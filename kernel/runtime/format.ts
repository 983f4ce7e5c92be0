// console.log's first argument as a format: %s %d %i %f %j %o %O %c %%. https://nodejs.org/api/util.html#utilformatformat-args

import { fill } from './format-fill.ts';
import { inspect, valueText } from './inspect.ts';
import { stringify } from './json-stringify.ts';
import { primitiveText } from './primitive-text.ts';

/** Returns the line that console.log(...values) prints. */
export const formatted = (values: readonly unknown[]): string => fill(values, directed, valueText);

const directed = (directive: string, value: unknown): string => {
  switch (directive) {
    case 's':
      return shown(value);
    case 'd':
      return primitiveText(typeof value === 'symbol' || value === undefined ? NaN : Number(value));
    case 'i':
      return primitiveText(typeof value === 'symbol' ? NaN : Number.parseInt(String(value), 10));
    case 'f':
      return primitiveText(typeof value === 'symbol' ? NaN : Number.parseFloat(String(value)));
    case 'j':
      return `${stringify(value)}`;
    case 'c':
      return '';
    default:
      return directive === 'o' ? inspect(value, 4, true) : inspect(value, 2);
  }
};

/** An object with a toString of its own shows by it. */
const shown = (value: unknown): string => {
  if (typeof value === 'number') return primitiveText(value);
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date)
    return String(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof RegExp) return inspect(value, 0);
  return value.toString === Object.prototype.toString ? inspect(value, 0) : String(value);
};
