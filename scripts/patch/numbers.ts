// How a number prints: Number::toString, ECMA-262 §6.1.6.1.20. Porffor prints with C's %g, which has another threshold for exponents
// and other exponents, and more digits than the shortest above 2^53.
//
// Mended: C finds the shortest digits that read back as the same number; they are laid out as the standard says.

import type { Edit } from './edit.ts';

// 17 digits are always enough. Of a power of two, the neighbour below is nearer than the one above, so the shortest decimal may be the
// next one up from the nearest: it is tried too.
const SHORTEST = `
static int hedyn_shortest(f64 d, char digits[24], int* exponent) {
  char text[40];
  for (int precision = 0;; precision++) {
    snprintf(text, sizeof text, "%.*e", precision, d);
    if (precision == 16 || strtod(text, NULL) == d) break;
    char* last = text + (precision ? precision + 1 : 0);
    if (*last == '9') continue;
    ++*last;
    if (strtod(text, NULL) == d) break;
  }
  int count = 0;
  const char* at = text;
  for (; *at != 'e'; at++) if (*at != '.') digits[count++] = *at;
  *exponent = (int)strtol(at + 1, NULL, 10);
  while (count > 1 && digits[count - 1] == '0') count--;
  return count;
}

static int hedyn_printNumber(f64 d, char* out) {
  char digits[24];
  int e = 0;
  int used = 0;
  if (d < 0) { out[used++] = '-'; d = -d; }
  const int count = hedyn_shortest(d, digits, &e);
  const int point = e + 1;
  if (point > 21 || point < -5) {
    out[used++] = digits[0];
    if (count > 1) { out[used++] = '.'; memcpy(out + used, digits + 1, (size_t)count - 1); used += count - 1; }
    return used + snprintf(out + used, 8, "e%c%d", e < 0 ? '-' : '+', e < 0 ? -e : e);
  }
  if (point <= 0) {
    memcpy(out + used, "0.000000", 8);
    used += 2 - point;
    memcpy(out + used, digits, (size_t)count);
    return used + count;
  }
  for (int i = 0; i < point || i < count; i++) {
    if (i == point) out[used++] = '.';
    out[used++] = i < count ? digits[i] : '0';
  }
  return used;
}

static jsval porf_num_to_str(f64 d) {
`;

/** Returns the edits that make every conversion of a number to a string the standard's. */
export const numberEdits: readonly Edit[] = [
  {
    mends: 'the layout of a printed number',
    find: 'static jsval porf_num_to_str(f64 d) {\n',
    replace: SHORTEST,
    times: 1,
  },
  {
    mends: 'the limit below which integers print digit by digit',
    find: 'else if (d == trunc(d) && fabs(d) < 18446744073709551616.0) {',
    replace: 'else if (d == trunc(d) && fabs(d) <= 9007199254740992.0) {',
    times: 1,
  },
  {
    mends: 'the digits of a printed number',
    find: /\} else if \(d == trunc\(d\) && fabs\(d\) < 1e21\) n = snprintf\(buf, sizeof buf, "%\.0f", d\);\n {4}else \{\n {6}for [\s\S]*?\n {6}\}\n {4}\}\n/g,
    replace: '} else n = hedyn_printNumber(d, buf);\n',
    times: 1,
  },
];
