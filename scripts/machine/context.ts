// What the compilation of one function keeps, and the C expressions it is made of.

import type ts from 'typescript';
import type { DialectRule } from '../dialect/rule.ts';
import { evaluate } from './constant.ts';
import type { Interval } from './interval.ts';
import { globalConstant, type MachineFunction, type MachineProgram } from './module.ts';
import { cString, relativeName } from './names.ts';
import type { MachineType } from './types.ts';

/** What evaluating an expression reads and changes; several are added. Decides which operands must be put in order. */
export const PURE = 0;
export const READS_LOCAL = 1;
export const READS_MEMORY = 2;
export const WRITES_LOCAL = 4;
export const WRITES_MEMORY = 8;
/** A sum of the constants above. */
export type Effects = number;

/** A C expression. */
export interface Value {
  readonly text: string;
  readonly effects: Effects;
}

/** A C expression of type hed_wide whose value lies in `range`. */
export interface IntegerValue extends Value {
  readonly range: Interval;
}

/** A local variable or parameter. */
export interface Local {
  readonly name: string;
  readonly type: MachineType;
  /** What is known of its value, for a const of an integer type. */
  readonly range: Interval | undefined;
  /** True when it is set once, so that reading it cannot depend on order. */
  readonly fixed: boolean;
  readonly constant: number | boolean | undefined;
}

/** One function under compilation. */
export interface FunctionContext {
  readonly program: MachineProgram;
  readonly definition: MachineFunction;
  readonly file: ts.SourceFile;
  readonly locals: Map<ts.Symbol, Local>;
  /** The statements so far. */
  readonly lines: string[];
  /** Answers given before: expressions are asked about once for each level that they are nested in. */
  readonly constants: Map<ts.Expression, number | boolean | undefined>;
  readonly types: Map<ts.Expression, MachineType | undefined>;
  /** Number of temporaries named so far. */
  temporaries: number;
}

/** Returns the context of a new function. */
export const createContext = (program: MachineProgram, definition: MachineFunction): FunctionContext => ({
  program,
  definition,
  file: definition.node.getSourceFile(),
  locals: new Map(),
  lines: [],
  constants: new Map(),
  types: new Map(),
  temporaries: 0,
});

/** What stands in for an expression that was refused. */
export const NOTHING: IntegerValue = { text: '0', effects: PURE, range: { low: 0n, high: 0n } };

/** Refuses `node` and returns a stand-in, so that the rest of the function is still examined. */
export const refuse = (context: FunctionContext, node: ts.Node, rule: DialectRule, what?: string): IntegerValue => {
  context.program.reporter.report(node, rule, what);
  return NOTHING;
};

/** Returns the local that a name stands for. */
export const localOf = (context: FunctionContext, name: ts.Node): Local | undefined => {
  const symbol = context.program.checker.getSymbolAtLocation(name);
  return symbol === undefined ? undefined : context.locals.get(symbol);
};

/** Returns the value of a constant expression, or undefined. */
export const constantValue = (context: FunctionContext, node: ts.Expression): number | boolean | undefined => {
  const { constants, program } = context;
  if (!constants.has(node)) {
    const constantOf = (name: ts.Identifier): number | boolean | undefined =>
      localOf(context, name)?.constant ?? globalConstant(program, name);
    constants.set(
      node,
      evaluate(node, program.checker, constantOf, (operand) => constantValue(context, operand)),
    );
  }
  return constants.get(node);
};

/** Returns the place of `node` as a C string literal, `"file:line:column"`. */
export const where = (context: FunctionContext, node: ts.Node): string => {
  const { line, character } = context.file.getLineAndCharacterOfPosition(node.getStart(context.file));
  return cString(`${relativeName(context.program.root, context.file)}:${line + 1}:${character + 1}`);
};

/** Returns a name that nothing else in the function has. */
export const temporary = (context: FunctionContext): string => {
  context.temporaries += 1;
  return `hed_${context.temporaries}`;
};

/** Returns true when the order of the two matters. */
export const conflict = (a: Effects, b: Effects): boolean => writesWhatOtherUses(a, b) || writesWhatOtherUses(b, a);

const writesWhatOtherUses = (writer: Effects, other: Effects): boolean =>
  ((writer & WRITES_LOCAL) !== 0 && (other & (READS_LOCAL | WRITES_LOCAL)) !== 0) ||
  ((writer & WRITES_MEMORY) !== 0 && (other & (READS_MEMORY | WRITES_MEMORY)) !== 0);

/**
 * Returns the C expression `build` makes of the operands, evaluated from left to right as JavaScript does. C leaves the order open, so an
 * operand that a later one could disturb (or that could disturb a later one) is put into a temporary first.
 */
export const sequence = (
  context: FunctionContext,
  operands: readonly Value[],
  build: (texts: readonly string[]) => string,
): Value => {
  const statements: string[] = [];
  const texts = operands.map((operand, index) => {
    const later = operands.slice(index + 1);
    if (!later.some((other) => conflict(operand.effects, other.effects))) return operand.text;
    const name = temporary(context);
    statements.push(`__auto_type ${name} = ${operand.text};`);
    return name;
  });
  const effects = operands.reduce((all, operand) => all | operand.effects, PURE);
  const result = build(texts);
  return { text: statements.length === 0 ? result : `({ ${statements.join(' ')} ${result}; })`, effects };
};
