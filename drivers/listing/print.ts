// Where a listing goes.

/** Takes one line, without its end. */
export type Print = (line: string) => void;

/** Returns the blanks before what lies behind `depth` bridges. */
export const indentOf = (depth: number): string => {
  let indent = '';
  for (let i = 0; i < depth; i++) indent += '  ';
  return indent;
};
