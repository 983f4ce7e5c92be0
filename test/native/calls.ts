// Many calls of machine functions in one native program, each with a line of output: the result, or that it would have stopped the machine.

import { runTool } from '../../scripts/toolchain.ts';
import { buildNative } from './build.ts';

/** A scalar type as the caller sees it: the machine type's name. */
export type ScalarName = 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'u53' | 'f64' | 'bool';

/** A function under test. `cName` is its name in C. */
export interface CallTarget {
  readonly cName: string;
  readonly parameters: readonly ScalarName[];
  readonly result: ScalarName;
}

export interface Call {
  readonly target: CallTarget;
  readonly operands: readonly (number | boolean)[];
}

/** The outcome of a call: its value, or 'stop'. */
export type Outcome = number | boolean | 'stop';

const C_TYPES: Readonly<Record<ScalarName, string>> = {
  i8: 'int8_t',
  u8: 'uint8_t',
  i16: 'int16_t',
  u16: 'uint16_t',
  i32: 'int32_t',
  u32: 'uint32_t',
  u53: 'uint64_t',
  f64: 'double',
  bool: '_Bool',
};

/** Makes the calls natively, in order. `reset` is a C function called before each; `c` the compiled machine modules. */
export const callNatively = async (
  c: string,
  reset: string | undefined,
  calls: readonly Call[],
  level: '-O0' | '-O2',
): Promise<Outcome[]> => {
  const program = await buildNative([c, mainText(calls, reset)], level);
  const lines = (await runTool(program, [])).trimEnd().split('\n');
  if (lines.length !== calls.length) throw new Error(`${lines.length} results for ${calls.length} calls`);
  return calls.map(({ target }, index) => outcome(lines[index]!, target.result));
};

/** A double travels as its bits. */
const outcome = (line: string, type: ScalarName): Outcome => {
  if (line === 'stop') return 'stop';
  if (type === 'bool') return line === '1';
  if (type !== 'f64') return Number(line);
  return Buffer.from(line, 'hex').readDoubleBE();
};

const mainText = (calls: readonly Call[], reset: string | undefined): string => {
  const targets = new Map(calls.map(({ target }) => [target.cName, target]));
  const prototypes = [...targets.values()].map(
    ({ cName, parameters, result }) =>
      `extern ${C_TYPES[result]} ${cName}(${parameters.map((type) => C_TYPES[type]).join(', ') || 'void'});`,
  );
  const callers = [...targets.values()].map(caller);
  const functions = [...targets.keys()];
  const rows = calls.map(
    ({ target, operands }) =>
      `{ ${functions.indexOf(target.cName)}, { ${operands.map((operand, index) => operandBits(operand, target.parameters[index]!)).join(', ') || '0'} } },`,
  );
  return `${HEAD}
${prototypes.join('\n')}
${reset === undefined ? '' : `extern void ${reset}(void);`}
${callers.join('\n')}
static void (*const callers[])(const uint64_t *) = { ${functions.map((name) => `call_${name}`).join(', ')} };
static const struct { int function; uint64_t operands[8]; } calls[] = {
${rows.join('\n')}
};
int main(void) {
  native_start();
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    ${reset === undefined ? '' : `${reset}();`}
    if (setjmp(back)) puts("stop");
    else callers[calls[i].function](calls[i].operands);
  }
  return 0;
}
`;
};

const HEAD = `
#include <inttypes.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
extern void native_start(void);
static jmp_buf back;
__attribute__((noreturn)) void native_stopped(unsigned char status, const char *what, const char *where) { longjmp(back, 1); }
static double number(uint64_t bits) { double value; memcpy(&value, &bits, 8); return value; }
static uint64_t bits(double value) { uint64_t result; memcpy(&result, &value, 8); return result; }
`;

/** An operand as 64 bits: two's complement, or the bits of a double. */
const operandBits = (value: number | boolean, type: ScalarName): string => {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (type !== 'f64') return `${BigInt.asUintN(64, BigInt(value))}ull`;
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleBE(value);
  return `0x${buffer.toString('hex')}ull`;
};

const caller = ({ cName, parameters, result }: CallTarget): string => {
  const operands = parameters.map((type, index) =>
    type === 'f64' ? `number(operands[${index}])` : `(${C_TYPES[type]})operands[${index}]`,
  );
  const call = `${cName}(${operands.join(', ')})`;
  const print =
    result === 'f64' ? `printf("%016" PRIx64 "\\n", bits(${call}))` : `printf("%" PRId64 "\\n", (int64_t)${call})`;
  return `static void call_${cName}(const uint64_t *operands) { (void)operands; ${print}; }`;
};
