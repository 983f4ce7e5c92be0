// First pass over the machine modules: which functions, records, constants, enums and variables there are.
// Modules come in dependency order and statements in source order, so a constant knows only what Node would know there, too.

import ts from 'typescript';
import {
  CONTROL_IMPORT,
  DECLARED_ELSEWHERE,
  DOES_NOT_FIT,
  ENUM_SHAPE,
  EXPORT_FORM,
  FIELD_INITIALISER,
  LITERAL_OBJECT,
  MODULE_WORK,
  NO_MACHINE_TYPE,
  PARAMETER_SHAPE,
  UNSUPPORTED_STATEMENT,
} from '../dialect/machine.ts';
import type { DialectRule } from '../dialect/rule.ts';
import { isOwnFile } from '../folders.ts';
import { isKnownModule } from '../program.ts';
import { constantFits, initialValue } from './initial.ts';
import { type Definition, type MachineProgram, moduleConstant, resolveType } from './module.ts';
import { modulePrefixes } from './names.ts';
import { collectRecord, declareRecord } from './record.ts';
import { smallestInteger } from './resolve.ts';
import { functionOf, hasModifier, parametersOf, resultOf } from './signature.ts';
import { FLOAT, isScalar, typeName, WIDE } from './types.ts';

/**
 * Adds what `files` define to `program.definitions`, where that of the program's other files is. Reports everything at module level that the machine language does
 * not have.
 */
export const collectDefinitions = (program: MachineProgram, files: readonly ts.SourceFile[]): void => {
  const prefixes = modulePrefixes(program.root, program.files);
  // Classes first: a field or parameter may name a record that comes later in the module.
  for (const file of files) {
    for (const statement of file.statements) {
      if (ts.isClassDeclaration(statement)) declareRecord(program, statement, prefixes.get(file)!);
    }
  }
  for (const file of files) {
    for (const statement of file.statements) collectStatement(program, statement, prefixes.get(file)!);
  }
};

const collectStatement = (program: MachineProgram, statement: ts.Statement, prefix: string): void => {
  if (ts.isImportDeclaration(statement)) checkImport(program, statement);
  else if (ts.isExportDeclaration(statement)) checkReexport(program, statement);
  else if (ts.isVariableStatement(statement)) {
    for (const declaration of statement.declarationList.declarations) {
      define(program, declaration.name, variableDefinition(program, statement, declaration, prefix));
    }
  } else if (ts.isFunctionDeclaration(statement)) {
    define(program, statement.name, functionDefinition(program, statement, prefix));
  } else if (ts.isClassDeclaration(statement)) collectRecord(program, statement, prefix);
  else if (ts.isEnumDeclaration(statement)) define(program, statement.name, enumDefinition(program, statement));
  else if (ts.isExportAssignment(statement)) program.reporter.report(statement, EXPORT_FORM);
  else if (!isWithoutWork(statement)) program.reporter.report(statement, MODULE_WORK);
};

/** Types, and directives such as 'use machine'. */
const isWithoutWork = (statement: ts.Statement): boolean =>
  ts.isTypeAliasDeclaration(statement) ||
  ts.isInterfaceDeclaration(statement) ||
  ts.isEmptyStatement(statement) ||
  (ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression));

const define = (program: MachineProgram, name: ts.Node | undefined, definition: Definition | undefined): void => {
  const symbol = name === undefined ? undefined : program.checker.getSymbolAtLocation(name);
  if (symbol === undefined) return;
  if (definition === undefined) program.refused.add(symbol);
  else program.definitions.set(symbol, definition);
};

const refuse = (program: MachineProgram, node: ts.Node, rule: DialectRule, what?: string): undefined => {
  program.reporter.report(node, rule, what);
  return undefined;
};

/** Machine modules import machine modules, types, and the two helpers of kernel/base. */
const checkImport = (program: MachineProgram, statement: ts.ImportDeclaration): void => {
  const clause = statement.importClause;
  if (clause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return;
  const bindings = clause?.namedBindings;
  const names = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
  if (names.length > 0 && names.every((name) => name.isTypeOnly)) return;
  const module = program.checker.getSymbolAtLocation(statement.moduleSpecifier)?.valueDeclaration;
  if (module === undefined || !ts.isSourceFile(module)) return;
  if (!program.files.includes(module) && !isKnownModule(module)) program.reporter.report(statement, CONTROL_IMPORT);
};

const checkReexport = (program: MachineProgram, statement: ts.ExportDeclaration): void => {
  const clause = statement.exportClause;
  const renames =
    clause !== undefined &&
    (!ts.isNamedExports(clause) || clause.elements.some((element) => element.propertyName !== undefined));
  if (renames) program.reporter.report(statement, EXPORT_FORM);
};

/** `const` and `let`: a function, a declared function, a constant or a variable. */
const variableDefinition = (
  program: MachineProgram,
  statement: ts.VariableStatement,
  declaration: ts.VariableDeclaration,
  prefix: string,
): Definition | undefined => {
  const { name, initializer } = declaration;
  const { flags } = statement.declarationList;
  if (!ts.isIdentifier(name)) return refuse(program, name, LITERAL_OBJECT, 'destructuring');
  if ((flags & ts.NodeFlags.BlockScoped) === 0) return refuse(program, statement, UNSUPPORTED_STATEMENT, 'var');
  if (hasModifier(statement, ts.SyntaxKind.DeclareKeyword)) return declaredDefinition(program, declaration, name);
  if (initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))) {
    const exported = hasModifier(statement, ts.SyntaxKind.ExportKeyword);
    return functionOf(program, initializer, name.text, `${prefix}${name.text}`, exported);
  }
  const value = initializer === undefined ? undefined : moduleConstant(program, initializer);
  if ((flags & ts.NodeFlags.Const) !== 0 && value !== undefined) return constantDefinition(program, declaration, value);

  const type = resolveType(program, program.checker.getTypeAtLocation(name));
  if (type === undefined || !(isScalar(type) || type.kind === 'record' || type.kind === 'array')) {
    return refuse(program, declaration, NO_MACHINE_TYPE, `${name.text} has no machine type`);
  }
  const initial = initialValue(program, initializer, type);
  if (initial === undefined) return refuse(program, declaration, FIELD_INITIALISER);
  return { kind: 'variable', cName: `${prefix}${name.text}`, type, initial };
};

const constantDefinition = (
  program: MachineProgram,
  declaration: ts.VariableDeclaration,
  value: number | boolean,
): Definition | undefined => {
  const natural = Number.isSafeInteger(value) || typeof value === 'boolean' ? WIDE : FLOAT;
  if (declaration.type === undefined) return { kind: 'constant', value, type: natural };
  const type = resolveType(program, program.checker.getTypeFromTypeNode(declaration.type));
  if (type === undefined || !isScalar(type)) return refuse(program, declaration, NO_MACHINE_TYPE);
  if (!constantFits(value, type))
    return refuse(program, declaration, DOES_NOT_FIT, `${value} in place of ${typeName(type)}`);
  return { kind: 'constant', value, type };
};

/** `declare const read: (offset: u32) => u32` of kernel/hal. */
const declaredDefinition = (
  program: MachineProgram,
  declaration: ts.VariableDeclaration,
  name: ts.Identifier,
): Definition | undefined => {
  const { type } = declaration;
  if (type !== undefined && ts.isFunctionTypeNode(type)) return externalFunction(program, declaration, name, type);
  return refuse(program, declaration, NO_MACHINE_TYPE, `${name.text} is no function`);
};

const externalFunction = (
  program: MachineProgram,
  node: ts.Node,
  name: ts.Identifier,
  signature: ts.FunctionTypeNode | ts.FunctionDeclaration,
): Definition | undefined => {
  const isHal = isOwnFile(node.getSourceFile().fileName, 'kernel/hal/');
  if (!isHal) return refuse(program, node, DECLARED_ELSEWHERE);
  return {
    kind: 'function',
    name: name.text,
    cName: `hal_${name.text}`,
    parameters: parametersOf(program, signature, true),
    result: resultOf(program, signature),
    exported: true,
    node,
    body: undefined,
    receiver: undefined,
  };
};

const functionDefinition = (
  program: MachineProgram,
  node: ts.FunctionDeclaration,
  prefix: string,
): Definition | undefined => {
  const { name } = node;
  if (name === undefined || hasModifier(node, ts.SyntaxKind.DefaultKeyword)) return refuse(program, node, EXPORT_FORM);
  if (hasModifier(node, ts.SyntaxKind.DeclareKeyword)) return externalFunction(program, node, name, node);
  if (node.body === undefined) return refuse(program, node, PARAMETER_SHAPE, 'an overload');
  return functionOf(program, node, name.text, `${prefix}${name.text}`, hasModifier(node, ts.SyntaxKind.ExportKeyword));
};

const enumDefinition = (program: MachineProgram, node: ts.EnumDeclaration): Definition | undefined => {
  const values = node.members.map((member) => program.checker.getConstantValue(member));
  const numbers = values.filter((value): value is number => typeof value === 'number');
  const type = numbers.length === values.length ? smallestInteger(numbers) : undefined;
  return type === undefined ? refuse(program, node, ENUM_SHAPE, `the enum ${node.name.text}`) : { kind: 'enum', type };
};
