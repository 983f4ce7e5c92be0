// What the machine modules of one program define, found before any function body is compiled.

import ts from 'typescript';
import type { Reporter } from '../diagnostics.ts';
import { isOwnFile } from '../folders.ts';
import { evaluate } from './constant.ts';
import { machineTypeOf } from './resolve.ts';
import type { InitialValue, IntegerType, MachineType, RecordType } from './types.ts';

/** One parameter of a machine function. */
export interface Parameter {
  readonly name: string;
  readonly type: MachineType;
  readonly symbol: ts.Symbol | undefined;
}

/** A function with a body. */
export type FunctionNode = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration | ts.MethodDeclaration;

/** A function, a method (then `receiver` is its record), or a declared function of the machine layer (then `body` is absent). */
export interface MachineFunction {
  readonly kind: 'function';
  readonly name: string;
  readonly cName: string;
  readonly parameters: readonly Parameter[];
  readonly result: MachineType;
  readonly exported: boolean;
  readonly node: ts.Node;
  readonly body: FunctionNode | undefined;
  readonly receiver: RecordType | undefined;
}

/** A name that stands for a number or boolean everywhere. */
export interface MachineConstant {
  readonly kind: 'constant';
  readonly value: number | boolean;
  readonly type: MachineType;
}

/** A module-level variable, or a record made once for the module. */
export interface MachineVariable {
  readonly kind: 'variable';
  readonly cName: string;
  readonly type: MachineType;
  readonly initial: InitialValue;
}

/** An enum: its members are constants of this type. */
export interface MachineEnum {
  readonly kind: 'enum';
  readonly type: IntegerType;
}

/** Anything that a name at the top level of a machine module stands for. */
export type Definition = MachineFunction | MachineConstant | MachineVariable | MachineEnum | RecordType;

/** Everything known about the program while it is compiled. */
export interface MachineProgram {
  readonly root: string;
  readonly checker: ts.TypeChecker;
  readonly reporter: Reporter;
  readonly checked: boolean;
  readonly files: readonly ts.SourceFile[];
  readonly definitions: Map<ts.Symbol, Definition>;
  /** Names whose definition was refused: a use of one is no second error. */
  readonly refused: Set<ts.Symbol>;
}

/** Returns the symbol behind a name, through imports and re-exports. */
export const symbolOf = (checker: ts.TypeChecker, name: ts.Node): ts.Symbol | undefined => {
  const symbol = checker.getSymbolAtLocation(name);
  return symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
};

/** Returns what a name of a machine module stands for, or undefined for a local or a stranger. */
export const definitionOf = (program: MachineProgram, name: ts.Node): Definition | undefined => {
  const symbol = symbolOf(program.checker, name);
  return symbol === undefined ? undefined : program.definitions.get(symbol);
};

/** Returns the machine type of a TypeScript type, or undefined. */
export const resolveType = (program: MachineProgram, type: ts.Type): MachineType | undefined =>
  machineTypeOf(program.checker, type, (symbol) => {
    const found = program.definitions.get(symbol);
    return found?.kind === 'record' ? found : undefined;
  });

/** Returns the value of a constant expression outside of functions, or undefined. */
export const moduleConstant = (program: MachineProgram, node: ts.Expression): number | boolean | undefined =>
  evaluate(node, program.checker, (name) => globalConstant(program, name));

/** Returns the value of a constant of some machine module, of NaN or of Infinity. */
export const globalConstant = (program: MachineProgram, name: ts.Identifier): number | boolean | undefined => {
  const found = definitionOf(program, name);
  if (found !== undefined) return found.kind === 'constant' ? found.value : undefined;
  if (symbolOf(program.checker, name)?.valueDeclaration?.getSourceFile().isDeclarationFile !== true) return undefined;
  if (name.text === 'NaN') return Number.NaN;
  return name.text === 'Infinity' ? Number.POSITIVE_INFINITY : undefined;
};

/** Returns true for a function of kernel/base, which the back end knows by its place and name. */
export const isBaseFunction = (program: MachineProgram, name: ts.Node, file: string, text: string): boolean => {
  const declaration = symbolOf(program.checker, name)?.valueDeclaration;
  if (declaration === undefined) return false;
  const named =
    ts.isVariableDeclaration(declaration) && ts.isIdentifier(declaration.name) && declaration.name.text === text;
  return named && isOwnFile(declaration.getSourceFile().fileName, `kernel/base/${file}.ts`);
};

/** Returns true when a name in `node` stands for something whose definition was refused. */
export const usesRefused = (program: MachineProgram, node: ts.Node): boolean => {
  if (program.refused.size === 0) return false;
  const symbol = ts.isIdentifier(node) ? symbolOf(program.checker, node) : undefined;
  if (symbol !== undefined && program.refused.has(symbol)) return true;
  return ts.forEachChild(node, (child) => usesRefused(program, child)) ?? false;
};

/** Notes that what `name` defines was refused. */
export const noteRefused = (program: MachineProgram, name: ts.Node): void => {
  const symbol = program.checker.getSymbolAtLocation(name);
  if (symbol !== undefined) program.refused.add(symbol);
};
