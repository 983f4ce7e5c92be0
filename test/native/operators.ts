// Every operator of the machine language over every machine type, and what each must give at the edges of its types: computed from the
// language's own words with integers of any size, so that it shares nothing with Node's numbers or with the C.

import type { Call, Outcome, ScalarName } from './calls.ts';
import { LIMITS } from './random.ts';

type Value = number | boolean;

/** A function of one operator: its text in a machine module, and its outcome by the language's definition. */
export interface OperatorFunction {
  readonly name: string;
  readonly source: string;
  readonly parameters: readonly ScalarName[];
  readonly result: ScalarName;
  /** Returns the outcome in a checked build, or in a release build. */
  expected(operands: readonly Value[], checked: boolean): Outcome;
}

const INTEGERS: readonly ScalarName[] = ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'u53'];
const NUMBERS: readonly ScalarName[] = [...INTEGERS, 'f64'];
const DOUBLES = [0, -0, 0.5, -1.5, 255, -129, 2 ** 31, 2 ** 32 + 1, -(2 ** 53), 1e300, Infinity, -Infinity, NaN];

/** Returns the values of a type where something changes: its ends, their neighbours, and both sides of zero. */
export const edgesOf = (type: ScalarName): readonly Value[] => {
  if (type === 'bool') return [false, true];
  if (type === 'f64') return DOUBLES;
  const [low, high] = LIMITS[type]!;
  const inside = [low, -1, 0, 1, 7, 33, high - 1, high];
  return [...new Set(inside.filter((value) => value >= low && value <= high))];
};

/** Returns every call of the functions at the edges of their types. */
export const callsOf = (functions: readonly OperatorFunction[], prefix: string): Call[] =>
  functions.flatMap(({ name, parameters, result }) =>
    combinations(parameters.map(edgesOf)).map((operands) => ({
      target: { cName: `${prefix}${name}`, parameters, result },
      operands,
    })),
  );

const combinations = (lists: readonly (readonly Value[])[]): Value[][] =>
  lists.reduce<Value[][]>((before, list) => before.flatMap((row) => list.map((value) => [...row, value])), [[]]);

/** Returns the functions: every operator over every pair of types that `takes` accepts. */
export const operatorFunctions = (
  takes: (a: ScalarName, b: ScalarName) => boolean = () => true,
): OperatorFunction[] => {
  const pairs = NUMBERS.flatMap((a) => NUMBERS.map((b) => [a, b] as const)).filter(([a, b]) => takes(a, b));
  return [
    ...pairs.flatMap(([a, b]) => [...arithmetic(a, b), ...bitwise(a, b), ...comparisons(a, b), ...extremes(a, b)]),
    ...NUMBERS.flatMap((a) => [...conversions(a), ...unary(a)]),
    ...logic,
  ];
};

/** `+ - * / %` and the roundings of `/`, stored with a type of each kind; in place, too. */
const arithmetic = (a: ScalarName, b: ScalarName): OperatorFunction[] => {
  const operators = Object.keys(ARITHMETIC);
  if (a === 'f64' || b === 'f64')
    return operators.map((operator) =>
      binary(`${NAMES[operator]}`, a, b, 'f64', `a ${operator} b`, (x, y) => DOUBLE[operator]!(Number(x), Number(y))),
    );
  const stored = [...new Set<ScalarName>([a, 'i32', 'u53'])];
  return [
    ...stored.flatMap((type) =>
      operators.map((operator) =>
        binary(`${NAMES[operator]}To${type}`, a, b, type, `a ${operator} b`, (x, y, checked) =>
          ARITHMETIC[operator]!(exact(x), exact(y), type, checked),
        ),
      ),
    ),
    ...operators.map((operator) =>
      written(`${NAMES[operator]}Assign`, a, b, a, `let x: ${a} = a; x ${operator}= b; return x;`, (x, y, checked) =>
        ARITHMETIC[operator]!(exact(x), exact(y), a, checked),
      ),
    ),
    ...(['floor', 'ceil', 'trunc'] as const).map((rounding) =>
      binary(rounding, a, b, 'i32', `Math.${rounding}(a / b)`, (x, y, checked) => {
        if (exact(y) === 0n) return checked ? 'stop' : 0;
        return stored64(ROUNDINGS[rounding](exact(x), exact(y)), 'i32', checked);
      }),
    ),
    binary('wrapped', a, b, 'i32', '(a / b) | 0', (x, y) =>
      exact(y) === 0n ? 0 : Number(BigInt.asIntN(32, exact(x) / exact(y))),
    ),
  ];
};

const NAMES: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'remainder',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '<<': 'shiftLeft',
  '>>': 'shiftRight',
  '>>>': 'shiftRightUnsigned',
  '===': 'equal',
  '!==': 'unequal',
  '<': 'less',
  '<=': 'lessOrEqual',
  '>': 'greater',
  '>=': 'greaterOrEqual',
};

type Arithmetic = (a: bigint, b: bigint, type: ScalarName, checked: boolean) => Outcome;

const sum =
  (operate: (a: bigint, b: bigint) => bigint): Arithmetic =>
  (a, b, type, checked) =>
    stored64(operate(a, b), type, checked);

const ARITHMETIC: Readonly<Record<string, Arithmetic>> = {
  '+': sum((a, b) => a + b),
  '-': sum((a, b) => a - b),
  '*': sum((a, b) => a * b),
  '/': (a, b, type, checked) => {
    if (b === 0n || (checked && a % b !== 0n)) return checked ? 'stop' : 0;
    return stored64(a / b, type, checked);
  },
  '%': (a, b, type, checked) => (b === 0n ? (checked ? 'stop' : 0) : stored64(a % b, type, checked)),
};

const DOUBLE: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

const ROUNDINGS = {
  trunc: (a: bigint, b: bigint): bigint => a / b,
  floor: (a: bigint, b: bigint): bigint => a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n),
  ceil: (a: bigint, b: bigint): bigint => a / b + (a % b !== 0n && a < 0n === b < 0n ? 1n : 0n),
};

const BITWISE: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << (b & 31n),
  '>>': (a, b) => a >> (b & 31n),
  '>>>': (a, b) => BigInt.asUintN(32, a) >> (b & 31n),
};

const bitwise = (a: ScalarName, b: ScalarName): OperatorFunction[] => {
  const of = (operator: string, x: Value, y: Value): bigint => BITWISE[operator]!(bits(x), bits(y));
  const signed = (operator: string, x: Value, y: Value): number => Number(BigInt.asIntN(32, of(operator, x, y)));
  return [
    ...Object.keys(BITWISE).map((operator) => {
      const isUnsigned = operator === '>>>';
      return binary(NAMES[operator]!, a, b, isUnsigned ? 'u32' : 'i32', `a ${operator} b`, (x, y) =>
        isUnsigned ? Number(of(operator, x, y)) : signed(operator, x, y),
      );
    }),
    ...(a === 'i32' ? ['&', '|', '^', '<<', '>>'] : []).map((operator) =>
      written(`${NAMES[operator]}Assign`, a, b, 'i32', `let x: i32 = a; x ${operator}= b; return x;`, (x, y) =>
        signed(operator, x, y),
      ),
    ),
    binary('imul', a, b, 'i32', 'Math.imul(a, b)', (x, y) => Number(BigInt.asIntN(32, bits(x) * bits(y)))),
  ];
};

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '===': (a, b) => a === b,
  '!==': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const comparisons = (a: ScalarName, b: ScalarName): OperatorFunction[] =>
  Object.entries(COMPARISONS).map(([operator, compare]) =>
    binary(NAMES[operator]!, a, b, 'bool', `a ${operator} b`, (x, y) => compare(Number(x), Number(y))),
  );

const extremes = (a: ScalarName, b: ScalarName): OperatorFunction[] =>
  (['min', 'max'] as const).map((name) =>
    binary(name, a, b, 'f64', `Math.${name}(a, b)`, (x, y) => Math[name](Number(x), Number(y))),
  );

/** A value stored with each type. */
const conversions = (a: ScalarName): OperatorFunction[] =>
  NUMBERS.filter((to) => to !== a).map((to) =>
    single(`to${to}`, a, to, `(a as number) as ${to}`, (x, checked) => {
      if (to === 'f64') return Number(x);
      return a === 'f64' ? storedDouble(Number(x), to, checked) : stored64(exact(x), to, checked);
    }),
  );

const unary = (a: ScalarName): OperatorFunction[] => {
  const not = single('not', a, 'i32', '~a', (x) => Number(~bits(x)));
  const common = [
    single('complement', a, 'bool', '!a', (x) => Number(x) === 0 || Number.isNaN(Number(x))),
    single('chosen', a, 'u8', 'a ? 1 : 2', (x) => (Number(x) === 0 || Number.isNaN(Number(x)) ? 2 : 1)),
    single(
      'leadingZeros',
      a,
      'u8',
      'Math.clz32(a)',
      (x) => 32 - BigInt.asUintN(32, bits(x)).toString(2).replace(/^0/, '').length,
    ),
    not,
  ];
  if (a === 'f64')
    return [
      ...common,
      single('negated', a, a, '-a', (x) => -Number(x)),
      ...(['floor', 'ceil', 'trunc', 'round', 'abs', 'sqrt'] as const).map((name) =>
        single(name, a, a, `Math.${name}(a)`, (x) => Math[name](Number(x))),
      ),
    ];
  const step =
    (by: bigint): ((x: Value, checked: boolean) => Outcome) =>
    (x, checked) =>
      stored64(exact(x) + by, a, checked);
  /** The value before: given when the step itself does not stop. */
  const before =
    (by: bigint): ((x: Value, checked: boolean) => Outcome) =>
    (x, checked) =>
      step(by)(x, checked) === 'stop' ? 'stop' : Number(x);
  return [
    ...common,
    ...[...new Set<ScalarName>([a, 'i32'])].map((type) =>
      single(`negatedTo${type}`, a, type, '-a', (x, checked) => stored64(-exact(x), type, checked)),
    ),
    ...[...new Set<ScalarName>([a, 'i32'])].map((type) =>
      single(`absTo${type}`, a, type, 'Math.abs(a)', (x, checked) =>
        stored64(exact(x) < 0n ? -exact(x) : exact(x), type, checked),
      ),
    ),
    changed('increment', a, 'x++; return x;', step(1n)),
    changed('decrement', a, '--x; return x;', step(-1n)),
    changed('before', a, 'return x++;', before(1n)),
    changed('after', a, 'return --x;', step(-1n)),
  ];
};

const logic: readonly OperatorFunction[] = [
  binary('both', 'bool', 'bool', 'bool', 'a && b', (x, y) => x === true && y === true),
  binary('either', 'bool', 'bool', 'bool', 'a || b', (x, y) => x === true || y === true),
  binary('same', 'bool', 'bool', 'bool', 'a === b', (x, y) => x === y),
  binary('different', 'bool', 'bool', 'bool', 'a !== b', (x, y) => x !== y),
  single('opposite', 'bool', 'bool', '!a', (x) => x === false),
];

/** An integer result: a checked build stops beyond 2^53 − 1 and where it does not fit; a release build keeps 64 bits, then the low ones. */
const stored64 = (value: bigint, type: ScalarName, checked: boolean): Outcome => {
  const [low, high] = LIMITS[type]!;
  if (checked) return value >= BigInt(low) && value <= BigInt(high) ? Number(value) : 'stop';
  const wrapped = BigInt.asIntN(64, value);
  const width = Number(type.slice(1));
  return Number(type.startsWith('i') ? BigInt.asIntN(width, wrapped) : BigInt.asUintN(width, wrapped));
};

/** A double stored as an integer: a checked build stops unless it is one that fits, a release build takes the nearest. */
const storedDouble = (value: number, type: ScalarName, checked: boolean): Outcome => {
  const [low, high] = LIMITS[type]!;
  if (checked) return Number.isInteger(value) && value >= low && value <= high ? value + 0 : 'stop';
  return Number.isNaN(value) ? 0 : Math.min(Math.max(Math.trunc(value), low), high) + 0;
};

const exact = (value: Value): bigint => BigInt(value);

/** The low 32 bits of an operand, signed; of a double those of its whole part. ECMA-262 §7.1.6 */
const bits = (value: Value): bigint => {
  const whole = Number(value);
  return Number.isFinite(whole) ? BigInt.asIntN(32, BigInt(Math.trunc(whole))) : 0n;
};

function binary(
  name: string,
  a: ScalarName,
  b: ScalarName,
  result: ScalarName,
  text: string,
  expected: (a: Value, b: Value, checked: boolean) => Outcome,
): OperatorFunction {
  return written(name, a, b, result, `return ${text};`, expected);
}

function written(
  name: string,
  a: ScalarName,
  b: ScalarName,
  result: ScalarName,
  body: string,
  expected: (a: Value, b: Value, checked: boolean) => Outcome,
): OperatorFunction {
  const full = `${name}_${a}_${b}`;
  return {
    name: full,
    source: `export const ${full} = (a: ${a}, b: ${b}): ${result} => { ${body} };\n`,
    parameters: [a, b],
    result,
    expected: ([x, y], checked) => expected(x!, y!, checked),
  };
}

function single(
  name: string,
  a: ScalarName,
  result: ScalarName,
  text: string,
  expected: (a: Value, checked: boolean) => Outcome,
): OperatorFunction {
  return alone(name, a, result, `return ${text};`, expected);
}

const changed = (
  name: string,
  a: ScalarName,
  text: string,
  expected: (a: Value, checked: boolean) => Outcome,
): OperatorFunction => alone(name, a, a, `let x: ${a} = a; ${text}`, expected);

function alone(
  name: string,
  a: ScalarName,
  result: ScalarName,
  body: string,
  expected: (a: Value, checked: boolean) => Outcome,
): OperatorFunction {
  const full = `${name}_${a}`;
  return {
    name: full,
    source: `export const ${full} = (a: ${a}): ${result} => { ${body} };\n`,
    parameters: [a],
    result,
    expected: ([x], checked) => expected(x!, checked),
  };
}

/** The head of a module of such functions. */
export const OPERATORS_HEAD = `'use machine';
import type { bool, f64, i8, i16, i32, u8, u16, u32, u53 } from './machine.ts';
`;
