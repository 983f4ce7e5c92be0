import { beforeAll, describe, expect, it } from 'vitest';
import { runTool, ToolError } from '../../../../scripts/toolchain.ts';
import { buildNative, compileBoth, STOP_AND_EXIT } from '../../../native/build.ts';

// One function for each way to stop. It is called with the operand that stops it; line and column are those of this text.
const SOURCE = `'use machine';
import { assert } from './assert.ts';
import { type DmaOffset, type FixedArray, fixedArray, type f64, type i8, type u8, type u16, type u32, type u53 } from './machine.ts';
import { dmaRead32, dmaWrite16 } from '../hal/dma.ts';
import { mmioRead32 } from '../hal/mmio.ts';
class Ring { slots: FixedArray<u16, 8> = fixedArray(8, 0); }
const ring = new Ring();
export const tooBig = (a: u32): u8 => a + 0;
export const negative = (a: u32): u32 => a - 10;
export const negativeByte = (a: u32): i8 => -a * 50;
export const beyond = (a: u53): u53 => (a * a) >>> 0;
export const inexact = (a: u32): u32 => a / 2;
export const byZero = (a: u32): u32 => Math.floor(7 / (a - 3));
export const remainderOfZero = (a: u32): u32 => 7 % (a - 3);
export const fraction = (a: u32): u32 => Math.sqrt(a + 0) * 1;
export const outside = (a: u32): u16 => ring.slots[a + 5];
export const assertion = (a: u32): u32 => { assert(a === 4, 'a is four'); return a; };
export const sign = (a: u32): u32 => a | 0x80000000;
export const dma = (a: DmaOffset): u32 => dmaRead32(0xffff - a + 1);
export const dmaEnd = (a: u32): u32 => { dmaWrite16(0xffffffff - a, 1); return a; };
export const mmio = (a: u32): u32 => mmioRead32(a - 1);
`;

const names = [...SOURCE.matchAll(/^export const (\w+)/gm)].map((match) => match[1]!);

const MAIN = `
extern int printf(const char *, ...);
extern int atoi(const char *);
${names.map((name) => `extern unsigned long long m_kernel_base_example__${name}(unsigned);`).join('\n')}
static unsigned long long (*const functions[])(unsigned) = { ${names.map((name) => `m_kernel_base_example__${name}`).join(', ')} };
int main(int count, char **words) { functions[atoi(words[1])](3); printf("went on\\n"); return 0; }
`;

/** Returns what the program prints: how it stopped, or that it went on. */
const run = async (program: string, name: string): Promise<string> => {
  try {
    return (await runTool(program, [`${names.indexOf(name)}`])).trim();
  } catch (error) {
    if (error instanceof ToolError) return error.output.trim();
    throw error;
  }
};

const at = (place: string): string => `(kernel/base/example.ts:${place})`;

describe('what stops the machine', () => {
  let checked = '';
  let release = '';

  beforeAll(async () => {
    const [first, second] = compileBoth(SOURCE);
    expect([...first!.refusals, ...second!.refusals, ...first!.typeErrors()]).toEqual([]);
    [checked, release] = await Promise.all([
      buildNative([first!.c, STOP_AND_EXIT, MAIN], '-O0'),
      buildNative([second!.c, STOP_AND_EXIT, MAIN], '-O2'),
    ]);
  });

  const arithmetic: readonly (readonly [string, string])[] = [
    ['negative', `stopped 34: -7 does not fit u32 ${at('9:42')}`],
    ['negativeByte', `stopped 34: -150 does not fit i8 ${at('10:45')}`],
    ['inexact', `stopped 34: a division is not exact ${at('12:41')}`],
    ['byZero', `stopped 34: division by zero ${at('13:51')}`],
    ['remainderOfZero', `stopped 34: division by zero ${at('14:49')}`],
    ['fraction', `stopped 34: a number is no u32 ${at('15:42')}`],
    ['sign', `stopped 34: -2147483645 does not fit u32 ${at('18:38')}`],
  ];

  it.each(arithmetic)('%s: a checked build says what and where', async (name, message) => {
    expect(await run(checked, name)).toBe(message);
  });

  it.each(arithmetic)('%s: a release build goes on', async (name) => {
    expect(await run(release, name)).toBe('went on');
  });

  const always: readonly (readonly [string, string])[] = [
    ['outside', `stopped 34: index 8 is outside an array of 8 ${at('16:52')}`],
    ['assertion', `stopped 33: a is four ${at('17:45')}`],
    ['dma', 'stopped 38: dma ()'],
    ['dmaEnd', 'stopped 38: dma ()'],
    ['mmio', 'stopped 38: mmio ()'],
  ];

  it.each(always)('%s: both builds stop', async (name, message) => {
    expect(await run(checked, name)).toBe(message);
    expect(await run(release, name)).toBe(message);
  });

  it('a value that fits goes on', async () => {
    expect(await run(checked, 'tooBig')).toBe('went on');
    expect(await run(checked, 'beyond')).toBe('went on');
  });
});
