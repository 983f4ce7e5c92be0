// Random machine modules: functions with locals, all kinds of statements, module variables and a record, in the texts of random-expression.ts.

import type { ScalarName } from './calls.ts';
import { Random, SCALARS } from './random.ts';
import { type Callable, ExpressionWriter, type Text, type Variable } from './random-expression.ts';

/** One function in TypeScript and in the JavaScript of the reference. */
export interface RandomFunction extends Callable {
  readonly source: string;
  readonly reference: string;
}

/** What every function finds: the module's own state, `reset` before each call. */
const STATE: readonly Variable[] = [
  { name: 'counter', type: 'i32', fixed: false },
  { name: 'state.a', type: 'u8', fixed: false },
  { name: 'state.b', type: 'i16', fixed: false },
  { name: 'state.inner.c', type: 'u32', fixed: false },
  { name: 'state.x', type: 'f64', fixed: false },
];

const RESET = 'counter = 0; state.a = 7; state.b = -3; state.inner.c = 40; state.x = 1.5;';

/** The head of the TypeScript text. */
export const SOURCE_HEAD = `'use machine';
import { type bool, type FixedArray, fixedArray, type f64, type i8, type i16, type i32, type u8, type u16, type u32, type u53 } from './machine.ts';
class Inner { c: u32 = 40; }
class State { a: u8 = 7; b: i16 = -3; inner = new Inner(); x: f64 = 1.5; }
let counter: i32 = 0;
const state = new State();
const table: FixedArray<i32, 8> = fixedArray(8, 3);
export const reset = (): void => { ${RESET} for (let i: u8 = 0; i < 8; i++) table[i] = 3; };
`;

/** The head of the reference. */
export const REFERENCE_HEAD = `'use strict';
let counter = 0;
const state = { a: 7, b: -3, inner: { c: 40 }, x: 1.5 };
const table = [3, 3, 3, 3, 3, 3, 3, 3];
const reset = () => { ${RESET} table.fill(3); };
`;

/** Returns `count` functions; a later one may call the earlier ones. */
export const randomFunctions = (seed: number, count: number): RandomFunction[] => {
  const writer = new ProgramWriter(new Random(seed));
  return Array.from({ length: count }, (_, index) => writer.writeFunction(`f${index}`));
};

/** A function in place of one that was refused because a value in it can never fit. */
export const stubFor = (definition: RandomFunction): RandomFunction => {
  const value = definition.result === 'bool' ? 'false' : '0';
  return { ...definition, ...signature(definition, `return ${value};`, `return ${value};`) };
};

const signature = (
  { name, parameters, result }: Callable,
  body: string,
  reference: string,
): Pick<RandomFunction, 'source' | 'reference'> => {
  const names = parameters.map((_, index) => `p${index}`);
  const typed = parameters.map((type, index) => `p${index}: ${type}`);
  return {
    source: `export const ${name} = (${typed.join(', ')}): ${result} => {\n${body}\n};\n`,
    reference: `const ${name} = (${names.join(', ')}) => {\nconst $kept = [];\n${reference}\n};\n`,
  };
};

interface Statement {
  readonly source: string;
  readonly reference: string;
}

class ProgramWriter {
  private readonly random: Random;
  private readonly expressions: ExpressionWriter;
  private locals = 0;

  constructor(random: Random) {
    this.random = random;
    this.expressions = new ExpressionWriter(random);
  }

  writeFunction(name: string): RandomFunction {
    const { random, expressions } = this;
    const parameters = Array.from({ length: 1 + random.below(4) }, () => random.pick(SCALARS));
    const result = random.pick(SCALARS);
    const own = parameters.map((type, index) => ({ name: `p${index}`, type, fixed: random.chance(0.5) }));
    expressions.variables = [...STATE, ...own];
    const body = this.statements(2, 1 + random.below(4));
    const value = expressions.stored(result, 4);
    const callable = { name, parameters, result };
    const source = `${body.source}\nreturn ${value.source};`;
    const reference = `${body.reference}\nreturn ${value.checked};`;
    expressions.functions.push(callable);
    return { ...callable, ...signature(callable, source, reference) };
  }

  private statements(depth: number, length: number): Statement {
    const parts = Array.from({ length }, () => this.statement(depth));
    return {
      source: parts.map(({ source }) => source).join('\n'),
      reference: parts.map(({ reference }) => reference).join('\n'),
    };
  }

  /** Statements whose locals end with them. */
  private scoped(depth: number): Statement {
    const outer = this.expressions.variables;
    const inner = this.statements(depth - 1, 1 + this.random.below(2));
    this.expressions.variables = outer;
    return inner;
  }

  private statement(depth: number): Statement {
    const kind = this.random.below(depth <= 0 ? 5 : 8);
    if (kind < 2) return this.declaration();
    if (kind < 4) return this.assignment();
    if (kind === 4) {
      const value = this.expressions.effect(2);
      return { source: `${value.source};`, reference: `${value.checked};` };
    }
    if (kind === 5) return this.branch(depth);
    return kind === 6 ? this.loop(depth) : this.selection(depth);
  }

  private newLocal(type: ScalarName, fixed: boolean): string {
    const name = `v${this.locals++}`;
    this.expressions.variables = [...this.expressions.variables, { name, type, fixed }];
    return name;
  }

  private declaration(): Statement {
    const type = this.random.pick(SCALARS);
    const value = this.expressions.stored(type, 3);
    const fixed = this.random.chance(0.4);
    const name = this.newLocal(type, fixed);
    const keyword = fixed ? 'const' : 'let';
    return {
      source: `${keyword} ${name}: ${type} = ${value.source};`,
      reference: `${keyword} ${name} = ${value.checked};`,
    };
  }

  private assignment(): Statement {
    const { random, expressions } = this;
    const known = expressions.variables.filter(({ type, fixed }) => !fixed && type !== 'bool');
    const element: Variable = { name: `table[${random.below(8)}]`, type: 'i32', fixed: false };
    const { name, type } = random.chance(0.7) ? random.pick(known) : element;
    if (type === 'f64') {
      const operator = random.pick(['+', '-', '*', '/']);
      const value = random.chance(0.5) ? expressions.real(2) : expressions.integer(2);
      const before = expressions.keep(); // The target is read before the right side is computed.
      return {
        source: `${name} ${operator}= ${value.source};`,
        reference: `${before} = ${name}; ${name} = ${before} ${operator} ${value.double};`,
      };
    }
    if (random.chance(0.3)) {
      const value = expressions.stored(type, 3);
      return { source: `${name} = ${value.source};`, reference: `${name} = ${value.checked};` };
    }
    return this.compound(name, type);
  }

  private compound(name: string, type: ScalarName): Statement {
    const operator = this.random.pick(['+', '-', '*', '%', '&', '|', '^', '<<', '>>', '>>>']);
    const value = this.expressions.integer(2);
    const before = this.expressions.keep();
    const target: Text = { source: name, checked: before, double: before };
    const isArithmetic = ['+', '-', '*', '%'].includes(operator);
    const result = isArithmetic
      ? this.expressions.arithmetic(operator, target, value).checked
      : `(${before} ${operator} ${value.checked})`;
    const plusZero = operator === '*' || operator === '%' ? ` ${name} = ${name} + 0;` : '';
    return {
      source: `${name} ${operator}= ${value.source};${plusZero}`,
      reference: `${before} = ${name}; ${name} = $fit('${type}', ${result} + 0);`,
    };
  }

  private branch(depth: number): Statement {
    const condition = this.random.chance(0.7) ? this.expressions.boolean(2) : this.expressions.integer(2);
    const [yes, no] = [this.scoped(depth), this.scoped(depth)];
    return {
      source: `if (${condition.source}) {\n${yes.source}\n} else {\n${no.source}\n}`,
      reference: `if (${condition.checked}) {\n${yes.reference}\n} else {\n${no.reference}\n}`,
    };
  }

  private loop(depth: number): Statement {
    const outer = this.expressions.variables;
    const name = this.newLocal('u8', true);
    const limit = 1 + this.random.below(6);
    const leave = this.expressions.boolean(1);
    const word = this.random.pick(['break', 'continue']);
    const inner = this.scoped(depth);
    this.expressions.variables = outer;
    const head = (type: string): string => `for (let ${name}${type} = 0; ${name} < ${limit}; ${name}++)`;
    return {
      source: `${head(': u8')} {\nif (${leave.source}) ${word};\n${inner.source}\n}`,
      reference: `${head('')} {\nif (${leave.checked}) ${word};\n${inner.reference}\n}`,
    };
  }

  /** A switch whose default stands anywhere and whose cases may fall through. */
  private selection(depth: number): Statement {
    const value = this.expressions.integer(2);
    const clauses = ['case 0:', 'default:', 'case 1:', 'case 255:', 'case -1:']
      .slice(this.random.below(3))
      .map((label) => ({
        label,
        body: this.scoped(depth),
        end: this.random.chance(0.3) ? '' : ' break;',
      }));
    const text = (key: keyof Statement): string =>
      clauses.map(({ label, body, end }) => `${label} {\n${body[key]}\n}${end}`).join('\n');
    return {
      source: `switch (${value.source}) {\n${text('source')}\n}`,
      reference: `switch (${value.checked}) {\n${text('reference')}\n}`,
    };
  }
}
