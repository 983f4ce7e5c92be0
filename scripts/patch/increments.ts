// ++ and -- of a variable that holds undefined, as an element that is not there does: NaN. Porffor adds to the bits of whatever it holds.
//
//   x++     _1 = x;  x = porf_box_num((_1.val) + 1.0);
//   ++x              x = porf_box_num((x.val) + 1.0);

const POSTFIX = /^(\t+)(\w+) = (\w+);\n\t+\3 = porf_box_num\(\(\2\.val\) ([+-]) 1\.0\);$/gm;
const PREFIX = /^(\t+)(\w+) = porf_box_num\(\(\2\.val\) ([+-]) 1\.0\);$/gm;

/** Returns `c` with undefined as no number. `hedyn_number` stands among the helpers of elements.ts. */
export const mendIncrements = (c: string): string =>
  c
    .replace(POSTFIX, '$1$2 = porf_jv_type($3) == 0 ? porf_box_num(NAN) : $3;\n$1$3 = porf_box_num(($2.val) $4 1.0);')
    .replace(PREFIX, '$1$2 = porf_box_num(hedyn_number($2) $3 1.0);');
