import { describe, expect, it } from 'vitest';
import { splitUnits } from '../../../scripts/units.ts';

/** A string as it lies in the data: its length, its bytes, and zeros up to a multiple of eight. */
const laid = (text: string): string => {
  const zeros = (8 - ((text.length + 4) % 8)) % 8;
  return `\\${text.length.toString(8).padStart(3, '0')}\\000\\000\\000${text}${'\\000'.repeat(zeros)}`;
};
const sizeOf = (text: string): number => Math.ceil((text.length + 4) / 8) * 8;

/** A program in the shape of Porffor's C: `greet` says `text`, `leave` says something else, and each has a place for a property. */
const program = (text: string, more = ''): string => {
  const first = 512; // Addresses below 256 are taken for plain numbers.
  const second = first + sizeOf(text);
  const places = second + sizeOf('bye; "bye"');
  const index = more === '' ? 2 : 3;
  return `#include <stdint.h>
typedef uint32_t u32;
typedef double f64;
typedef struct jsval { f64 val; int type; } jsval;
#define PORF_STATIC_END ${places + 64}u
#if defined(__GNUC__) || defined(__clang__)
__attribute__((cold, noreturn))
#endif
static void porf_throw(jsval v) {
  for (;;) {}
}
static jsval porf_exception = {0.0, 0};
static jsval greeting_242 = {0.0, 0};
static inline jsval porf_box(f64 val, int type) { return (jsval){ val, type }; }
static const u8 porf_data[] =
"${'\\000'.repeat(first - 16)}${laid(text)}"
"${laid('bye; "bye"').replaceAll('"', '\\042')}";
static jsval p1_greet(void);
${more === '' ? '' : 'static jsval p2_more(void);\n'}static jsval p${index}_leave(void);

jsval p1_greet(void) {
#line 3 "apps/x/main.ts"
	greeting_242 = porf_box(${first}u, 195);
	return hedyn_get(greeting_242, ${first}u, -7, ${places}u + 4);
}
${more}
jsval p${index}_leave(void) {
#line 8 "kernel/base/x.ts"
	if (hedyn_function(${index}u, 0u)) porf_throw(porf_box(${second}u, 195));
	return hedyn_get(porf_exception, ${second}u, -7, ${places}u + 8);
}

int main(int argc, char** argv) {
  p1_greet();
  return 0;
}
`;
};

const partWith = (texts: readonly string[], text: string): string => texts.find((part) => part.includes(text)) ?? '';

describe('the parts of the control plane', () => {
  const { texts, symbols } = splitUnits(program('hi'));
  const own = partWith(texts, 'jsval p0_greet(void) {');
  const below = partWith(texts, 'jsval p0_leave(void) {');

  it('are the run time, the variables, the tail, and the functions by where they are from', () => {
    expect(texts).toHaveLength(5);
    expect(own).not.toContain('#line 8');
    expect(below).not.toContain('#line 3');
    expect(partWith(texts, 'int main(')).not.toContain('greet(void) {');
  });

  it('have what they name of the others, and nothing else of it', () => {
    expect(own).toContain('extern jsval greeting_242 __asm__("js.greeting_242");');
    expect(own).not.toContain('porf_throw');
    expect(below).toContain('__attribute__((cold, noreturn)) void porf_throw(jsval v);');
    expect(below).not.toContain('greeting_242');
  });

  it('name addresses, places of properties and functions by what they are', () => {
    expect(below).toMatch(/hedyn_function\(\(\(u32\)\(size_t\)F_p0_leave\), 0u\)/);
    const name = /porf_box\(\(\(u32\)\(size_t\)(D_\w+)\), 195\)/.exec(below)?.[1];
    expect(symbols).toContain(`${name} = 520;\n`);
    expect(symbols).toContain('I_p0_leave_0 = 544;\n');
    expect(symbols).toContain('F_p0_leave = 2;\n');
  });

  it('stay as they are when a string grows, but the one with the string and the one with the data', () => {
    const grown = splitUnits(program('a much longer text'));
    expect(grown.texts.filter((text) => !texts.includes(text))).toHaveLength(2);
    expect(grown.texts).toContain(below);
    expect(grown.symbols).toContain('F_p0_leave = 2;\n');
    expect(grown.symbols).not.toContain(' = 520;');
  });

  it('stay as they are when a function comes in between', () => {
    const more = splitUnits(
      program('hi', 'jsval p2_more(void) {\n#line 5 "apps/x/main.ts"\n\treturn p1_greet();\n}\n'),
    );
    expect(more.texts).toContain(below);
    expect(more.symbols).toContain('F_p0_leave = 3;\n');
  });

  it('are not made of C of another shape', () => {
    expect(() => splitUnits('int main(void) {\n}\n')).toThrow("Porffor's C has changed");
  });
});
