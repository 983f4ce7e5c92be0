// console.log's format, when all values are primitives: links nothing that takes objects apart.

import { fill } from './format-fill.ts';
import { quotedJson } from './json-quote.ts';
import { primitiveText } from './primitive-text.ts';
import { quoted } from './quote.ts';

type Primitive = string | number | boolean | null | undefined;

/** Returns the line that console.log(...values) prints. */
export const formattedPrimitives = (values: readonly Primitive[]): string => fill(values, directed, primitiveText);

const directed = (directive: string, value: Primitive): string => {
  switch (directive) {
    case 's':
      return primitiveText(value);
    case 'd':
      return primitiveText(value === undefined ? NaN : Number(value));
    case 'i':
      return primitiveText(Number.parseInt(`${value}`, 10));
    case 'f':
      return primitiveText(Number.parseFloat(`${value}`));
    case 'c':
      return '';
    case 'j':
      if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : 'null';
      return typeof value === 'string' ? quotedJson(value) : `${value}`;
    default:
      return typeof value === 'string' ? quoted(value) : primitiveText(value);
  }
};
