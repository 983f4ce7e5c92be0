// How Node lays out the parts of an inspected value: on one line while it is short, else one part a line; long arrays in columns.
// Follows lib/internal/util/inspect.js of Node 20 (reduceToSingleString, groupArrayElements).

/** What a value was taken apart into. */
export interface Shape {
  /** What stands before the brace: `[Function: f]`, `<ref *1>`; usually empty. */
  base: string;
  open: string;
  close: string;
  parts: string[];
  isArray: boolean;
  /** Numbers are aligned to the right in columns, everything else to the left. */
  isNumeric: boolean;
}

const LINE_LENGTH = 80;
const NESTING_ON_ONE_LINE = 3;
const COLUMNS_MAX = 12; // 4 × NESTING_ON_ONE_LINE, below Node's other limit of 15
const PARTS_MAX = 100;
const SEPARATOR = 2; // ', '

/** Returns the text of `shape`, of which `depthBelow` more levels are inside, indented by `indentation`. */
export const layOut = (shape: Shape, depthBelow: number, indentation: number): string => {
  const count = shape.parts.length;
  const parts = shape.isArray && count > 6 ? inColumns(shape.parts, shape.isNumeric, indentation) : shape.parts;
  const start = shape.base === '' ? shape.open : `${shape.base} ${shape.open}`;
  if (depthBelow < NESTING_ON_ONE_LINE && count === parts.length) {
    const used = count + indentation + shape.open.length + shape.base.length + 10;
    if (fits(parts, used)) {
      const line = parts.join(', ');
      if (!line.includes('\n') && !shape.base.includes('\n')) return `${start} ${line} ${shape.close}`;
    }
  }
  const margin = `\n${' '.repeat(indentation)}`;
  return `${start}${margin}  ${parts.join(`,${margin}  `)}${margin}${shape.close}`;
};

const fits = (parts: string[], used: number): boolean => {
  let total = parts.length + used;
  if (total + parts.length > LINE_LENGTH) return false;
  for (const part of parts) total += part.length;
  return total <= LINE_LENGTH;
};

const inColumns = (parts: string[], isNumeric: boolean, indentation: number): string[] => {
  // The last part of a long array is '... n more items', and stands alone.
  const count = parts.length > PARTS_MAX ? parts.length - 1 : parts.length;
  let total = 0;
  let longest = 0;
  for (let i = 0; i < count; i++) {
    const length = (parts[i] as string).length;
    total += length + SEPARATOR;
    if (length > longest) longest = length;
  }
  const width = longest + SEPARATOR;
  if (!(width * 3 + indentation < LINE_LENGTH && (total / width > 5 || longest <= 6))) return parts;

  const columns = columnCount(width, total, count, parts.length, indentation);
  if (columns <= 1) return parts;
  const rows: string[] = [];
  for (let i = 0; i < count; i += columns)
    rows.push(rowOf(parts, i, Math.min(i + columns, count), columns, count, isNumeric));
  if (count < parts.length) rows.push(parts[count] as string);
  return rows;
};

/** A square of text is about 2.5 times as many characters wide as high. */
const columnCount = (width: number, total: number, count: number, entries: number, indentation: number): number => {
  const bias = Math.sqrt(width - total / entries);
  const biased = Math.max(width - 3 - bias, 1);
  const square = Math.round(Math.sqrt(2.5 * biased * count) / biased);
  return Math.min(square, Math.floor((LINE_LENGTH - indentation) / width), COLUMNS_MAX);
};

const rowOf = (
  parts: string[],
  from: number,
  to: number,
  columns: number,
  count: number,
  isNumeric: boolean,
): string => {
  let row = '';
  for (let i = from; i < to; i++) {
    const width = columnWidth(parts, i - from, columns, count);
    const part = parts[i] as string;
    const isLast = i === to - 1;
    if (isLast) row += isNumeric ? part.padStart(width - SEPARATOR) : part;
    else row += isNumeric ? `${part}, `.padStart(width) : `${part}, `.padEnd(width);
  }
  return row;
};

const columnWidth = (parts: string[], column: number, columns: number, count: number): number => {
  let longest = 0;
  for (let i = column; i < count; i += columns)
    if ((parts[i] as string).length > longest) longest = (parts[i] as string).length;
  return longest + SEPARATOR;
};
