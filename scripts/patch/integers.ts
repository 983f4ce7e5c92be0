// Whole numbers that Porffor takes by way of a double. Its built-in functions have i32 and u32 locals, but each sum, element and length goes through
// (f64) and back: for a loop over the letters of a string that is two calls a letter.
//
// The compiler decides by the operand's type: one of 32 bits or fewer is taken as it is. A u32 of 2^31 or more then wraps, where it became the
// largest i32: as an offset into the heap that is the right one, and nothing else is so large.

const START = 'porf_f64_to_i32((f64)';

/** The definition behind which the helpers go. */
const CONVERSION = 'static inline u32 porf_f64_to_u32(f64 d) {\n';

const HELPERS = `#define HEDYN_I32(x) _Generic((x), u8: (i32)(x), u16: (i32)(x), i32: (i32)(x), u32: (i32)(x), default: porf_f64_to_i32((f64)(x)))
#define HEDYN_NEXT_I32(x) _Generic((x), i32: (i32)((u32)(x) + 1u), default: porf_f64_to_i32((f64)(x) + 1.0))
`;

/** Returns the C in which integers stay integers. Throws an Error when Porffor's head has changed. */
export const keepIntegers = (c: string): string => {
  if (!c.includes(CONVERSION)) throw new Error("Porffor's C has changed: no porf_f64_to_u32");
  let kept = '';
  let from = 0;
  for (let at = c.indexOf(START); at !== -1; at = c.indexOf(START, at + 1)) {
    const operand = operandAt(c, at + START.length);
    const behind = at + START.length + operand.length;
    const macro = c.startsWith(')', behind)
      ? 'HEDYN_I32'
      : c.startsWith(' + 1.0)', behind)
        ? 'HEDYN_NEXT_I32'
        : undefined;
    if (macro === undefined) continue;
    kept += `${c.slice(from, at)}${macro}(${operand})`;
    from = c.indexOf(')', behind) + 1;
  }
  return (kept + c.slice(from)).replace(CONVERSION, `${HELPERS}${CONVERSION}`);
};

/** Returns the name, call or group in parentheses that begins at `start`. */
const operandAt = (c: string, start: number): string => {
  const name = /\w*/y;
  name.lastIndex = start;
  const open = start + (name.exec(c)?.[0].length ?? 0);
  if (c[open] !== '(') return c.slice(start, open);
  let depth = 0;
  let end = open;
  do {
    if (c[end] === '(') depth++;
    if (c[end] === ')') depth--;
    end++;
  } while (depth > 0);
  return c.slice(start, end);
};
