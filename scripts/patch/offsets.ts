// Heap offsets. A value of the heap travels as a double that holds its offset, and Porffor reads it back with a cast. The flag that makes
// casts of NaN defined makes each of these a clamp to 0 … 2^32 - 1: three instructions that TCG does in calls, two thousand times in an
// image. An offset is always in range, so one conversion does; what is out of range all the same wraps modulo 2^32.

const OFFSET = /\(u32\)([A-Za-z_]\w*)\.val\b/g;

const HELPER = `typedef double porf_pair __attribute__((vector_size(16)));
static inline u32 porf_offset(f64 value) { return (u32)__builtin_ia32_cvttsd2si64((porf_pair){ value, 0 }); }
`;

/** The definition behind which the helper goes: it needs the names of the number types. */
const NUMBER_TYPES = 'typedef double f64;\n';

/** Returns the C with offsets read back by one conversion. Throws an Error when Porffor's head has changed. */
export const readOffsets = (c: string): string => {
  if (!c.includes(NUMBER_TYPES)) throw new Error("Porffor's C has changed: no definition of f64");
  return c.replace(OFFSET, 'porf_offset($1.val)').replace(NUMBER_TYPES, `${NUMBER_TYPES}${HELPER}`);
};
