import { describe, expect, it } from 'vitest';
import { compileSource } from '../../../native/build.ts';

const HEAD = `'use machine';
import { assert } from './assert.ts';
import { type bool, type DmaOffset, type FixedArray, fixedArray, type f64, type i32, type u8, type u16, type u32 } from './machine.ts';
import { dmaRead16 } from '../hal/dma.ts';
class Ring { size: u16 = 0; next: u16 = 0; slots: FixedArray<u16, 16> = fixedArray(16, 5); }
let count: u32 = 0;
const step = (): u32 => { count = count + 1; return count; };
const both = (a: u32, b: u32): u32 => a - b;
`;

const MACHINE_TYPES = 'i8 u8 i16 u16 i32 u32 u53 f64 DmaOffset MmioOffset PhysicalAddress'.split(' ');
const TYPES = `'use machine';\nimport { type FixedArray, fixedArray, ${MACHINE_TYPES.map((type) => `type ${type}`).join(', ')} } from './machine.ts';\n`;

/** Returns the C of the function `f`, whose text follows the head, without line directives. */
const compiled = (text: string, checked = true): string => {
  const { c, refusals, typeErrors } = compileSource(`${HEAD}${text}\n`, checked);
  expect([...refusals, ...typeErrors()]).toEqual([]);
  const body = c.slice(c.lastIndexOf('m_kernel_base_example__f('));
  return body.slice(0, body.indexOf('\n}\n')).replace(/^#line .*\n/gm, '');
};

describe('a check that cannot fail is not there', () => {
  it('for an index that is masked', () => {
    expect(compiled('export const f = (ring: Ring, i: u32): u16 => ring.slots[i & 15];')).not.toContain('hed_index');
    expect(compiled('export const f = (ring: Ring, i: u32): u16 => ring.slots[i & 31];')).toContain('hed_index');
  });

  it('for a sum that is masked to its type', () => {
    const text = compiled('export const f = (ring: Ring): void => { ring.next = (ring.next + 1) & 0xffff; };');
    expect(text).not.toContain('hed_to_');
    expect(text).not.toContain('hed_safe');
  });

  it('for a const whose value is known to be small', () => {
    const text = compiled(
      'export const f = (ring: Ring, i: u32): u16 => { const slot: u32 = i & 7; return ring.slots[slot + 8]; };',
    );
    expect(text).not.toContain('hed_index');
  });

  it('for a division by a constant, and for a widening', () => {
    const text = compiled('export const f = (a: u16): u32 => Math.floor(a / 512) * 4;');
    expect(text).not.toMatch(/hed_(?!wide)/);
  });

  it('for arithmetic in a release build', () => {
    const text = 'export const f = (a: u32, b: u32): u32 => a * b + 1;';
    expect(compiled(text)).toContain('hed_to_u32');
    expect(compiled(text, false)).not.toContain('hed_to_');
  });
});

describe('operands are evaluated from left to right, which C does not promise', () => {
  it('two calls are kept apart', () => {
    expect(compiled('export const f = (): u32 => step() - step();')).toMatch(
      /__auto_type hed_1 = .*step\(\).*; \(hed_1 - .*step\(\)\);/,
    );
  });

  it('arguments that call are kept apart', () => {
    expect(compiled('export const f = (): u32 => both(step(), step());')).toMatch(
      /__auto_type hed_1 = .*step\(\); .*both\(hed_1, .*step\(\)\)/,
    );
  });

  it('a variable is read before a call that may change it, and a local that nothing can change needs no copy', () => {
    expect(compiled('export const f = (): u32 => count + step();')).toMatch(/__auto_type hed_1 = .*count;/);
    expect(compiled('export const f = (a: u32): u32 => a + step();')).not.toContain('__auto_type');
  });

  it('a local that is changed later in the same expression is read first', () => {
    expect(compiled('export const f = (a: u8): u32 => a + (a = 3);')).toContain('__auto_type');
  });

  it('the place of a store is found before the value is computed', () => {
    const text = compiled('export const f = (ring: Ring): void => { ring.slots[ring.next & 15] = (ring.next = 4); };');
    expect(text).toMatch(/__auto_type hed_1 = &ring->slots\[.*\]; \*?\(?\*?hed_1/);
  });
});

describe('debug information', () => {
  it('every statement has the line of its TypeScript', () => {
    const source = `${HEAD}export const f = (a: u32): u32 => {\n  const b: u32 = a & 1;\n\n  return b;\n};\n`;
    const { c } = compileSource(source);
    const line = source.split('\n').findIndex((text) => text.startsWith('export const f')) + 1;
    expect(c).toContain(`#line ${line} "kernel/base/example.ts"`);
    expect(c).toContain(`#line ${line + 1}\nuint32_t b = `);
    expect(c).toContain(`#line ${line + 3}\nreturn `);
  });

  it('locals keep their names, unless C keeps them for itself', () => {
    const text = compiled('export const f = (register: u32, size: u32): u32 => register + size;');
    expect(text).toContain('uint32_t register_, uint32_t size');
  });
});

describe('a narrow number is a wide one', () => {
  const accepts = (from: string, to: string): boolean => {
    const { refusals, typeErrors } = compileSource(`${TYPES}export const f = (a: ${from}): ${to} => a;\n`);
    expect(refusals).toEqual([]);
    return typeErrors().length === 0;
  };

  it.each([
    ['u8', 'u8 u16 i16 u32 i32 u53 f64 DmaOffset MmioOffset PhysicalAddress'],
    ['i8', 'i8 i16 i32 f64'],
    ['u16', 'u16 u32 i32 u53 f64 DmaOffset MmioOffset PhysicalAddress'],
    ['i16', 'i16 i32 f64'],
    ['u32', 'u32 u53 f64 DmaOffset MmioOffset PhysicalAddress'],
    ['i32', 'i32 f64'],
    ['u53', 'u53 f64 PhysicalAddress'],
    ['f64', 'f64'],
    ['DmaOffset', 'DmaOffset u32 u53 f64'],
    ['MmioOffset', 'MmioOffset u32 u53 f64'],
    ['PhysicalAddress', 'PhysicalAddress u53 f64'],
  ])('%s fits into %s alone', (from, to) => {
    expect(MACHINE_TYPES.filter((type) => accepts(from, type)).sort()).toEqual(to.split(' ').sort());
  });

  it('but an array of narrow numbers is no array of wide ones', () => {
    const { refusals } = compileSource(
      `${TYPES}class Bytes { all: FixedArray<u8, 4> = fixedArray(4, 0); }\nconst g = (a: FixedArray<u16, 4>): u16 => a[0];\nexport const f = (a: Bytes): u16 => g(a.all);\n`,
    );
    expect(refusals.join()).toContain('HED214: FixedArray<u8, 4> in place of FixedArray<u16, 4>');
  });
});

describe('a record of the module', () => {
  const declaration = (field: string): string | undefined => {
    const { c, refusals } = compileSource(
      `${TYPES}class Table { count: u32 = 0; all: FixedArray<u16, 4096> = fixedArray(4096, ${field}); }\nconst table = new Table();\nexport const theTable = (): Table => table;\n`,
    );
    expect(refusals).toEqual([]);
    return c.split('\n').find((line) => line.startsWith('static struct m_kernel_base_example__Table '));
  };

  it('is a static without contents in the image when all of it is zero', () => {
    expect(declaration('0')).toMatch(/ = \{0\};$/);
    expect(declaration('1')).toMatch(/ = \{ \.all = /);
  });
});
