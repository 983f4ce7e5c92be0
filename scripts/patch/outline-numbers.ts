// Conversions of a double to 32 bits. ToInt32 (ECMA-262 §7.1.6) is two divisions' worth of rounding at each place, the saturating conversion of
// Porffor's own code three comparisons, and whether a value is true four.

import { isDeadAfter } from './dead.ts';
import type { Edit } from './edit.ts';

/** The functions that `outlineNumbers` calls. */
export const NUMBER_HELPERS = `// The integer part modulo 2^32, 0 or more; 0 for what has none.
static PORF_NOINLINE f64 hedyn_modulo32(f64 d) {
  const int64_t whole = __builtin_ia32_cvttsd2si64((porf_pair){ d, 0 });
  if (whole != INT64_MIN) return (f64)(u32)whole;
  if (!isfinite(d)) return 0.0;
  const f64 rest = fmod(trunc(d), 4294967296.0);
  return rest < 0.0 ? rest + 4294967296.0 : rest;
}
`;

/** Returns `c` with conversions to 32 bits made by the helpers. */
export const outlineNumbers = (c: string): string => {
  const modulo = c.replace(
    /^(\t+)(\w+) = (\w+) - trunc\(\3 \/ 4294967296\.0\) \* 4294967296\.0;$/gm,
    '$1$2 = hedyn_modulo32($3);',
  );
  const left = /- trunc\(\w+ \/ 4294967296\.0\)/.exec(modulo);
  if (left) throw new Error(`Porffor's C has changed: unknown conversion to 32 bits: ${left[0]}`);
  return withoutTruncation(modulo).replace(/\(u32\)\((\w+) < 0\.0 \? \1 \+ 4294967296\.0 : \1\)/g, 'porf_offset($1)');
};

const TRUNCATED = /^(\t+)(\w+) = trunc\((.*)\);\n\1(\w+) = hedyn_modulo32\(\2\);$/gm;

/** The helper takes the integer part itself, so the temporary goes when nothing else reads it before it is set again. */
const withoutTruncation = (c: string): string =>
  c.replace(TRUNCATED, (whole: string, indent, name, value, target, at: number) => {
    return isDeadAfter(c, at + whole.length, name) ? `${indent}${target} = hedyn_modulo32(${value});` : whole;
  });

/** The edits of Porffor's conversions: one comparison decides, and the rest is out of line. */
export const conversionEdits: readonly Edit[] = [
  conversion('i32', 'i32', 'whole == (i32)whole'),
  conversion('u32', 'u32', '(u64)whole >> 32 == 0'),
  outOfLine('truthy', 'jsval v', 'v.type == 2', 'v.type', 'porf_offset(v.val) != 0u', 'v'),
  outOfLine('falsy', 'jsval v', 'v.type == 2', 'v.type', 'porf_offset(v.val) == 0u', 'v'),
  outOfLine('strict_eq', 'jsval a, jsval b', 'b.type == 0', 'b.type', 'a.type == 0', 'a, b'),
  outOfLine('nullish', 'jsval v', 'v.type == 1', 'v.type', '0', 'v'),
];

function conversion(name: string, type: string, fits: string): Edit {
  return {
    mends: `the conversion to ${name}`,
    find: new RegExp(String.raw`static inline ${type} (porf_f64_to_${name})\(f64 d\) \{\n([\s\S]*?)\n\}\n`, 'g'),
    replace: `static PORF_NOINLINE ${type} hedyn_saturate_${name}(f64 d) {\n$2\n}
static inline ${type} $1(f64 d) {
  const int64_t whole = __builtin_ia32_cvttsd2si64((porf_pair){ d, 0 });
  return __builtin_expect(${fits}, 1) ? (${type})whole : hedyn_saturate_${name}(d);
}
`,
    times: 1,
  };
}

/** A question about values stays in line where the compiler knows the type that makes it short. */
function outOfLine(
  name: string,
  parameters: string,
  isShort: string,
  type: string,
  short: string,
  names: string,
): Edit {
  return {
    mends: `porf_${name} at every place`,
    find: new RegExp(String.raw`static inline i32 porf_${name}\(${parameters}\) \{\n([\s\S]*?)\n\}\n`, 'g'),
    replace: `static PORF_NOINLINE i32 hedyn_${name}(${parameters}) {\n$1\n}
static inline __attribute__((always_inline)) i32 porf_${name}(${parameters}) {
  return __builtin_constant_p(${type}) && ${isShort} ? ${short} : hedyn_${name}(${names});
}
`,
    times: 1,
  };
}
