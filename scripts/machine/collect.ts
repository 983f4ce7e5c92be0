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
import { constantFits, initialValue } from './initial.ts';
import { type Definition, isBaseModule, type MachineProgram, moduleConstant, resolveType } from './module.ts';
import { modulePrefixes, relativeName } from './names.ts';
import { collectRecord, declareRecord } from './record.ts';
import { smallestInteger } from './resolve.ts';
import { functionOf, hasModifier, parametersOf, resultOf } from './signature.ts';
import { FLOAT, isScalar, WIDE } from './types.ts';

/** Fills `program.definitions`. Reports everything at module level that the machine language does not have. */
export const collectDefinitions = (program: MachineProgram): void => {
  const prefixes = modulePrefixes(program.root, program.files);
  // Classes first: a field or parameter may name a record that comes later in the module.
  for (const file of program.files) {
    for (const statement of file.statements) {
      if (ts.isClassDeclaration(statement)) declareRecord(program, statement, prefixes.get(file)!);
    }
  }
  for (const file of program.files) {
    for (const statement of file.statements) collectStatement(program, statement, prefixes.get(file)!);
  }
};

const collectStatement = (program: MachineProgram, statement: ts.Statement, prefix: string): void => {
  if (ts.isImportDeclaration(statement)) return checkImport(program, statement);
  if (ts.isVariableStatement(statement)) {
    for (const declaration of statement.declarationList.declarations)
      collectVariable(program, statement, declaration, prefix);
    return;
  }
  if (ts.isFunctionDeclaration(statement)) return collectFunctionDeclaration(program, statement, prefix);
  if (ts.isClassDeclaration(statement)) return collectRecord(program, statement, prefix);
  if (ts.isEnumDeclaration(statement)) return collectEnum(program, statement);
  if (ts.isExportDeclaration(statement)) return checkReexport(program, statement);
  if (ts.isExportAssignment(statement)) return program.reporter.report(statement, EXPORT_FORM);
  if (ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isEmptyStatement(statement))
    return;
  const isDirective = ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
  if (!isDirective) program.reporter.report(statement, MODULE_WORK);
};

const define = (program: MachineProgram, name: ts.Node, definition: Definition): void => {
  const symbol = program.checker.getSymbolAtLocation(name);
  if (symbol !== undefined) program.definitions.set(symbol, definition);
};

/** Machine modules import machine modules, types, and the two helpers of kernel/base. */
const checkImport = (program: MachineProgram, statement: ts.ImportDeclaration): void => {
  const clause = statement.importClause;
  if (clause === undefined) return program.reporter.report(statement, CONTROL_IMPORT, 'an import for its effects');
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return;
  const names =
    clause.namedBindings !== undefined && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : [];
  const values = names.filter((name) => !name.isTypeOnly);
  const module = program.checker.getSymbolAtLocation(statement.moduleSpecifier)?.valueDeclaration;
  if (module === undefined || !ts.isSourceFile(module)) return;
  if (program.files.includes(module) || isBaseModule(program, module)) return;
  if (values.length > 0 || names.length === 0) program.reporter.report(statement, CONTROL_IMPORT);
};

const checkReexport = (program: MachineProgram, statement: ts.ExportDeclaration): void => {
  const clause = statement.exportClause;
  const renames =
    clause !== undefined &&
    (!ts.isNamedExports(clause) || clause.elements.some((element) => element.propertyName !== undefined));
  if (renames) program.reporter.report(statement, EXPORT_FORM);
};

const collectVariable = (
  program: MachineProgram,
  statement: ts.VariableStatement,
  declaration: ts.VariableDeclaration,
  prefix: string,
): void => {
  const { name, initializer } = declaration;
  if (!ts.isIdentifier(name)) return program.reporter.report(name, LITERAL_OBJECT, 'destructuring');
  if (!(statement.declarationList.flags & ts.NodeFlags.BlockScoped))
    return program.reporter.report(statement, UNSUPPORTED_STATEMENT, 'var');
  const exported = hasModifier(statement, ts.SyntaxKind.ExportKeyword);
  if (hasModifier(statement, ts.SyntaxKind.DeclareKeyword)) return collectDeclared(program, declaration, name);
  if (initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))) {
    return define(program, name, functionOf(program, initializer, name.text, `${prefix}${name.text}`, exported));
  }
  const isConstant = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
  const value = initializer === undefined ? undefined : moduleConstant(program, initializer);
  if (isConstant && value !== undefined) return collectConstant(program, declaration, name, value);

  const type = resolveType(program, program.checker.getTypeOfSymbol(program.checker.getSymbolAtLocation(name)!));
  if (type === undefined || !(isScalar(type) || type.kind === 'record' || type.kind === 'array')) {
    return program.reporter.report(declaration, NO_MACHINE_TYPE, `${name.text} has no machine type`);
  }
  const initial = initialValue(program, initializer, type);
  if (initial === undefined) return program.reporter.report(declaration, FIELD_INITIALISER);
  define(program, name, { kind: 'variable', cName: `${prefix}${name.text}`, type, initial });
};

const collectConstant = (
  program: MachineProgram,
  declaration: ts.VariableDeclaration,
  name: ts.Identifier,
  value: number | boolean,
): void => {
  const declared =
    declaration.type === undefined
      ? undefined
      : resolveType(program, program.checker.getTypeFromTypeNode(declaration.type));
  if (declaration.type !== undefined && (declared === undefined || !isScalar(declared))) {
    return program.reporter.report(declaration, NO_MACHINE_TYPE, `${name.text} has no machine type`);
  }
  if (!constantFits(value, declared))
    return program.reporter.report(
      declaration,
      DOES_NOT_FIT,
      `${value} is no ${declared?.kind === 'integer' ? declared.name : 'such value'}`,
    );
  const natural = Number.isSafeInteger(value) || typeof value === 'boolean' ? WIDE : FLOAT;
  define(program, name, { kind: 'constant', value, type: declared ?? natural });
};

/** `declare const read: (offset: u32) => u32` of kernel/hal. */
const collectDeclared = (program: MachineProgram, declaration: ts.VariableDeclaration, name: ts.Identifier): void => {
  const type = declaration.type;
  if (type === undefined || !ts.isFunctionTypeNode(type))
    return program.reporter.report(declaration, NO_MACHINE_TYPE, `${name.text} is no function`);
  defineDeclared(program, declaration, name, type);
};

const defineDeclared = (
  program: MachineProgram,
  node: ts.Node,
  name: ts.Identifier,
  signature: ts.FunctionTypeNode | ts.FunctionDeclaration,
): void => {
  if (!relativeName(program.root, node.getSourceFile()).startsWith('kernel/hal/'))
    return program.reporter.report(node, DECLARED_ELSEWHERE);
  define(program, name, {
    kind: 'function',
    name: name.text,
    cName: `hal_${name.text}`,
    parameters: parametersOf(program, signature, true),
    result: resultOf(program, signature),
    exported: true,
    node,
    body: undefined,
    receiver: undefined,
  });
};

const collectFunctionDeclaration = (program: MachineProgram, node: ts.FunctionDeclaration, prefix: string): void => {
  if (node.name === undefined || hasModifier(node, ts.SyntaxKind.DefaultKeyword))
    return program.reporter.report(node, EXPORT_FORM);
  if (hasModifier(node, ts.SyntaxKind.DeclareKeyword)) return defineDeclared(program, node, node.name, node);
  if (node.body === undefined) return program.reporter.report(node, PARAMETER_SHAPE, 'an overload');
  const exported = hasModifier(node, ts.SyntaxKind.ExportKeyword);
  define(program, node.name, functionOf(program, node, node.name.text, `${prefix}${node.name.text}`, exported));
};

const collectEnum = (program: MachineProgram, node: ts.EnumDeclaration): void => {
  const values = node.members.map((member) => program.checker.getConstantValue(member));
  const numbers = values.filter((value): value is number => typeof value === 'number');
  const type = numbers.length === values.length ? smallestInteger(numbers) : undefined;
  if (type === undefined) return program.reporter.report(node, ENUM_SHAPE, `the enum ${node.name.text}`);
  define(program, node.name, { kind: 'enum', type });
};
