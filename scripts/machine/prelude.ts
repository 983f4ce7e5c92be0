// What stands at the head of the generated C: helpers for checks, rounding and the two windows.
//
// The helpers are static inline, so an unused one costs nothing and a used one costs its instructions. What a trap has to say is put
// together in cold functions out of line.

import { DEBUGGER_MACRO } from '../debugger.ts';
import { traceHelper } from './trace.ts';
import { INTEGERS } from './types.ts';

/** Returns the head of the C file. `traced` gives `trace` a body. */
export const prelude = (checked: boolean, traced: boolean): string =>
  [
    HEAD,
    checked ? CHECKED : RELEASE,
    SHARED,
    INTEGERS.map((type) => fitting(type.name, type.c, checked)).join(''),
    FLOATS,
    windows(checked),
    traceHelper(traced),
  ].join('\n');

const HEAD = `#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#pragma STDC FP_CONTRACT OFF
#line 1 "machine prelude"
typedef int64_t hed_wide;
struct hed_bytes { uint8_t *data; uint32_t length; };
#define HED_U53_MASK 0x1fffffffffffffLL
#define HED_COLD __attribute__((cold, noinline, noreturn)) static void
#define HED_INLINE static inline __attribute__((always_inline, unused, nodebug))
#define HED_RARELY(condition) __builtin_expect(!!(condition), 0)
${DEBUGGER_MACRO}
extern __attribute__((noreturn)) void hal_trap(const char *what, const char *where);
extern __attribute__((noreturn)) void hal_assertionFailed(const char *text, const char *where);
extern __attribute__((noreturn)) void hal_comparisonFailed(const char *text, const char *where, const char *compared);
extern __attribute__((noreturn)) void hal_windowFault(const char *window, uint64_t offset, uint32_t width);
extern const uint32_t hal_dmaLength;
extern const uint64_t hal_dmaStart;
extern const uint32_t hal_mmioLength;

static char hed_text[120];

/* Appends to hed_text from position at; returns the end. No printf: a trap must not need the library. */
static size_t hed_append(size_t at, const char *text) {
  while (*text && at < sizeof hed_text - 1) hed_text[at++] = *text++;
  hed_text[at] = 0;
  return at;
}
static size_t hed_appendInteger(size_t at, hed_wide value) {
  char digits[24];
  size_t first = sizeof digits - 1;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  digits[first] = 0;
  do digits[--first] = (char)('0' + rest % 10); while (rest /= 10);
  if (value < 0) digits[--first] = '-';
  return hed_append(at, digits + first);
}
HED_COLD hed_doesNotFit(hed_wide value, const char *type, const char *where) {
  size_t at = hed_appendInteger(0, value);
  at = hed_append(at, " does not fit ");
  hed_append(at, type);
  hal_trap(hed_text, where);
}
HED_COLD hed_outside(hed_wide index, hed_wide length, const char *where) {
  size_t at = hed_append(0, "index ");
  at = hed_appendInteger(at, index);
  at = hed_append(at, " is outside an array of ");
  hed_appendInteger(at, length);
  hal_trap(hed_text, where);
}
HED_COLD hed_stop(const char *what, const char *where) { hal_trap(what, where); }
HED_COLD hed_assertionFailed(const char *text, const char *where) { hal_assertionFailed(text, where); }
HED_COLD hed_comparisonFailed(const char *text, const char *where, const char *condition, hed_wide left, const char *operator, hed_wide right) {
  size_t at = hed_append(hed_append(0, condition), ": ");
  at = hed_appendInteger(at, left);
  at = hed_append(hed_append(hed_append(at, " "), operator), " ");
  hed_appendInteger(at, right);
  hal_comparisonFailed(text, where, hed_text);
}
HED_COLD hed_windowFault(const char *window, hed_wide offset, uint32_t width) { hal_windowFault(window, (uint64_t)offset, width); }
`;

const CHECKED = `
HED_INLINE hed_wide hed_safe(hed_wide value, const char *where) {
  if (HED_RARELY(value < -HED_U53_MASK || value > HED_U53_MASK)) hed_stop("an intermediate result is beyond 2^53", where);
  return value;
}
HED_INLINE hed_wide hed_multiply(hed_wide a, hed_wide b, const char *where) {
  hed_wide product;
  if (HED_RARELY(__builtin_mul_overflow(a, b, &product))) hed_stop("an intermediate result is beyond 2^53", where);
  return hed_safe(product, where);
}
HED_INLINE void hed_checkDivisor(hed_wide divisor, const char *where) {
  if (HED_RARELY(divisor == 0)) hed_stop("division by zero", where);
}
HED_INLINE void hed_checkExact(hed_wide a, hed_wide b, const char *where) {
  if (HED_RARELY(a % b != 0)) hed_stop("a division is not exact", where);
}
HED_INLINE hed_wide hed_float_to(double value, double low, double high, const char *type, const char *where) {
  if (HED_RARELY(!(value >= low && value <= high) || value != __builtin_trunc(value))) {
    hed_append(hed_append(hed_append(0, "a number is no "), type), "");
    hal_trap(hed_text, where);
  }
  return (hed_wide)value;
}
`;

const RELEASE = `
HED_INLINE void hed_checkDivisor(hed_wide divisor, const char *where) { (void)divisor; (void)where; }
HED_INLINE void hed_checkExact(hed_wide a, hed_wide b, const char *where) { (void)a; (void)b; (void)where; }
HED_INLINE hed_wide hed_float_to(double value, double low, double high, const char *type, const char *where) {
  (void)type; (void)where;
  if (!(value >= low)) return value < low ? (hed_wide)low : 0;
  return value > high ? (hed_wide)high : (hed_wide)value;
}
`;

const SHARED = `
HED_INLINE hed_wide hed_divide_trunc(hed_wide a, hed_wide b, const char *where) {
  hed_checkDivisor(b, where);
  if (b == 0) return 0;
  return b == -1 ? (hed_wide)(0 - (uint64_t)a) : a / b;
}
HED_INLINE hed_wide hed_divide_bits(hed_wide a, hed_wide b, const char *where) {
  (void)where;
  if (b == 0) return 0;
  return b == -1 ? (hed_wide)(0 - (uint64_t)a) : a / b;
}
HED_INLINE hed_wide hed_remainder(hed_wide a, hed_wide b, const char *where) {
  hed_checkDivisor(b, where);
  return b == 0 || b == -1 ? 0 : a % b;
}
HED_INLINE hed_wide hed_divide_floor(hed_wide a, hed_wide b, const char *where) {
  const hed_wide quotient = hed_divide_trunc(a, b, where);
  return hed_remainder(a, b, where) != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}
HED_INLINE hed_wide hed_divide_ceil(hed_wide a, hed_wide b, const char *where) {
  const hed_wide quotient = hed_divide_trunc(a, b, where);
  return hed_remainder(a, b, where) != 0 && (a < 0) == (b < 0) ? quotient + 1 : quotient;
}
HED_INLINE hed_wide hed_divide_exact(hed_wide a, hed_wide b, const char *where) {
  hed_checkDivisor(b, where);
  if (b != 0) hed_checkExact(a, b, where);
  return hed_divide_trunc(a, b, where);
}
HED_INLINE hed_wide hed_abs(hed_wide value) { return value < 0 ? (hed_wide)(0 - (uint64_t)value) : value; }
HED_INLINE hed_wide hed_min(hed_wide a, hed_wide b) { return a < b ? a : b; }
HED_INLINE hed_wide hed_max(hed_wide a, hed_wide b) { return a > b ? a : b; }
HED_INLINE hed_wide hed_imul(hed_wide a, hed_wide b) { return (int32_t)((uint32_t)a * (uint32_t)b); }
HED_INLINE hed_wide hed_clz32(hed_wide value) { return (uint32_t)value == 0 ? 32 : __builtin_clz((uint32_t)value); }
HED_INLINE hed_wide hed_index(hed_wide index, hed_wide length, const char *where) {
  if (HED_RARELY((uint64_t)index >= (uint64_t)length)) hed_outside(index, length, where);
  return index;
}
`;

const fitting = (name: string, c: string, checked: boolean): string => {
  const [low, high] = LIMITS[name]!;
  const toFloat = `HED_INLINE hed_wide hed_float_to_${name}(double value, const char *where) { return hed_float_to(value, ${low}.0, ${high}.0, "${name}", where); }\n`;
  if (!checked) return toFloat;
  return `HED_INLINE hed_wide hed_to_${name}(hed_wide value, const char *where) {
  if (HED_RARELY(value < ${low}LL || value > ${high}LL)) hed_doesNotFit(value, "${name}", where);
  return (${c})value;
}
${toFloat}`;
};

const LIMITS: Readonly<Record<string, readonly [string, string]>> = Object.fromEntries(
  INTEGERS.map(({ name, range }) => [name, [`${range.low}`, `${range.high}`]]),
);

const FLOATS = `
HED_INLINE hed_wide hed_float_to_wide(double value, const char *where) {
  return hed_float_to(value, -9007199254740991.0, 9007199254740991.0, "integer", where);
}
/* ToInt32 of ECMAScript: the integer part modulo 2^32; 0 for NaN and the infinities. */
HED_INLINE hed_wide hed_int32(double value) {
  if (value > -9007199254740992.0 && value < 9007199254740992.0) return (int32_t)(uint32_t)(hed_wide)value;
  if (!(__builtin_fabs(value) < __builtin_inf())) return 0;
  return (int32_t)(uint32_t)(hed_wide)__builtin_fmod(value, 4294967296.0);
}
HED_INLINE bool hed_truth(double value) { return value != 0 && value == value; }
/* Math.round: halves go up, and the sign of zero is kept. */
HED_INLINE double hed_round(double value) {
  const double below = __builtin_floor(value);
  return value - below >= 0.5 ? __builtin_copysign(below + 1, value) : below;
}
HED_INLINE double hed_float_min(double a, double b) {
  if (a != a || b != b) return __builtin_nan("");
  if (a == b) return __builtin_signbit(a) ? a : b;
  return a < b ? a : b;
}
HED_INLINE double hed_float_max(double a, double b) {
  if (a != a || b != b) return __builtin_nan("");
  if (a == b) return __builtin_signbit(a) ? b : a;
  return a > b ? a : b;
}
`;

/** The windows' virtual addresses; boot/ maps them and keeps the two lengths. */
const DMA_BASE = '0x6000001a0000ull';
const MMIO_BASE = '0x610000000000ull';

/**
 * The end of a window is checked by the processor in a release build: beyond it nothing is mapped as far as 32 bits of offset reach, and the
 * page fault stops the machine with the same status. A checked build compares first, to say offset and width.
 */
const windowAccess = (window: 'dma' | 'mmio', base: string, bits: number, checked: boolean): string => {
  const width = bits / 8;
  const name = bits === 64 ? '' : `${window}Read${bits}`;
  const wrong = [
    // The comparison is made in 64 bits, where offset + width cannot wrap.
    ...(checked ? [`(uint64_t)offset + ${width} > hal_${window}Length`] : []),
    ...(window === 'mmio' && width > 1 ? [`(offset & ${width - 1}) != 0`] : []),
  ].join(' || ');
  const check = wrong === '' ? '' : `if (HED_RARELY(${wrong})) hed_windowFault("${window}", offset, ${width});`;
  const cell = `*(volatile uint${bits}_t *)(${base} + (uint32_t)offset)`;
  const read = `HED_INLINE uint${bits}_t hed_${name}(hed_wide offset) { ${check} return ${cell}; }
`;
  return `${bits === 64 ? '' : read}HED_INLINE void hed_${window}Write${bits}(hed_wide offset, uint${bits}_t value) { ${check} ${cell} = value; }
`;
};

const WIDTHS = { dma: [8, 16, 32, 64], mmio: [8, 16, 32] } as const;

const windows = (checked: boolean): string => `
${WIDTHS.dma.map((bits) => windowAccess('dma', DMA_BASE, bits, checked)).join('')}
${WIDTHS.mmio.map((bits) => windowAccess('mmio', MMIO_BASE, bits, checked)).join('')}
HED_INLINE uint64_t hed_dmaBusAddress(hed_wide offset) {
  if (HED_RARELY((uint64_t)offset >= hal_dmaLength)) hed_windowFault("dma", offset, 1);
  return hal_dmaStart + (uint64_t)offset;
}
HED_INLINE uint32_t hed_dmaLength(void) { return hal_dmaLength; }
HED_INLINE void hed_fence(void) { __asm__ volatile("mfence" ::: "memory"); }
`;

const accessWithAddress = (window: 'dma' | 'mmio', bits: number): string => {
  const read = `uint${bits}_t hal_${window}Read${bits}(uint32_t offset) { return hed_${window}Read${bits}(offset); }
`;
  return `${bits === 64 ? '' : read}void hal_${window}Write${bits}(uint32_t offset, uint${bits}_t value) { hed_${window}Write${bits}(offset, value); }
`;
};

/** What the prelude has in place, as functions with an address: once a program. */
export const OUT_OF_LINE = `
${WIDTHS.dma.map((bits) => accessWithAddress('dma', bits)).join('')}
${WIDTHS.mmio.map((bits) => accessWithAddress('mmio', bits)).join('')}
uint64_t hal_dmaBusAddress(uint32_t offset) { return hed_dmaBusAddress(offset); }
uint32_t hed_dmaLengthNow(void) { return hal_dmaLength; }
void hal_fence(void) { hed_fence(); }
void hal_trace(uint32_t kind, uint32_t a, uint64_t b, uint64_t c) { hed_trace(kind, a, b, c); }
`;
