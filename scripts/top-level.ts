// The top level of a module, as Porffor can see it and gdb can show it.
//
//   functions, plain constants    first: they do nothing by themselves, and the body of a class sees only what stands before it
//   let a, b;                     the variables that the module computes, for the same reason
//   class A … $main$1(); …        what it does, in its own order; statements move into functions, where they can have lines
//   startMain($main$2());         the main module from its first await on: one async function, in which classes are values

import ts from 'typescript';
import type { Pass } from './lower/context.ts';
import { holdsAwait } from './lower/flow/nodes.ts';

const f = ts.factory;

/** Moves statements into functions that have the module's name. */
export const topLevelPass: Pass = (lower) => () => (file) => {
  let count = 0;
  const late = lateClasses(file.statements);
  const first: ts.Statement[] = [];
  const rest: ts.Statement[] = [];
  let chunk: ts.Statement[] = [];
  let waits = false;
  const close = (): void => {
    if (chunk.length === 0) return;
    count += 1;
    const name = lower.nameInModule('', file, count);
    first.push(constant(name, moduleFunction(chunk, waits)));
    const run = f.createCallExpression(f.createIdentifier(name), undefined, []);
    const started = waits ? f.createCallExpression(lower.runtime('startMain'), undefined, [run]) : run;
    rest.push(f.createExpressionStatement(started));
    chunk = [];
  };

  for (const statement of file.statements) {
    if (!waits && holdsAwait(statement)) {
      close();
      waits = true;
    }
    if (isInert(statement)) first.push(statement);
    else if (ts.isClassDeclaration(statement) && statement.name !== undefined && waits) {
      first.push(declared([statement.name]));
      chunk.push(assigned(statement, statement.name));
    } else if (ts.isClassDeclaration(statement)) {
      close();
      if (statement.name !== undefined && late.has(statement.name.text)) {
        first.push(declared([statement.name]));
        rest.push(assigned(statement, statement.name));
      } else rest.push(statement);
    } else if (ts.isVariableStatement(statement)) {
      first.push(declared(statement.declarationList.declarations.flatMap(({ name }) => boundNames(name))));
      chunk.push(...assignments(statement));
    } else chunk.push(statement);
  }
  close();
  return f.updateSourceFile(file, [...first, ...rest]);
};

/** Returns the line, from 1, of the first statement in a module's text that does something when the module runs; 1 when none does. */
export const firstLine = (text: string): number => {
  const file = ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest);
  const isActive = (statement: ts.Statement): boolean =>
    !isInert(statement) &&
    !ts.isClassDeclaration(statement) &&
    !ts.isInterfaceDeclaration(statement) &&
    !ts.isTypeAliasDeclaration(statement);
  const first = file.statements.find(isActive);
  return first === undefined ? 1 : file.getLineAndCharacterOfPosition(first.getStart(file)).line + 1;
};

/** Returns the names of classes that an earlier class speaks of, or anything earlier once a statement has run. */
const lateClasses = (statements: readonly ts.Statement[]): Set<string> => {
  const byClasses = new Set<string>();
  const byAll = new Set<string>();
  const late = new Set<string>();
  const note = (node: ts.Node, spokenOf: Set<string>): void => {
    if (ts.isIdentifier(node)) spokenOf.add(node.text);
    ts.forEachChild(node, (child) => note(child, spokenOf));
  };
  let hasRun = false;
  for (const statement of statements) {
    const name = ts.isClassDeclaration(statement) ? statement.name?.text : undefined;
    if (name !== undefined && (byClasses.has(name) || (hasRun && byAll.has(name)))) late.add(name);
    if (ts.isClassDeclaration(statement)) note(statement, byClasses);
    else if (!isInert(statement)) hasRun = true;
    note(statement, byAll);
  }
  return late;
};

/** True for what only defines: it may move to the front. */
const isInert = (statement: ts.Statement): boolean => {
  if (ts.isFunctionDeclaration(statement) || ts.isEmptyStatement(statement)) return true;
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return true;
  if (ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)) return true; // A directive.
  if (!ts.isVariableStatement(statement)) return false;
  return statement.declarationList.declarations.every(
    ({ name, initializer }) => ts.isIdentifier(name) && (initializer === undefined || isPlainValue(initializer)),
  );
};

const isPlainValue = (node: ts.Expression): boolean =>
  ts.isArrowFunction(node) ||
  ts.isFunctionExpression(node) ||
  ts.isNumericLiteral(node) ||
  ts.isStringLiteral(node) ||
  ts.isNoSubstitutionTemplateLiteral(node) ||
  node.kind === ts.SyntaxKind.TrueKeyword ||
  node.kind === ts.SyntaxKind.FalseKeyword ||
  node.kind === ts.SyntaxKind.NullKeyword ||
  (ts.isPrefixUnaryExpression(node) && ts.isNumericLiteral(node.operand));

/** Returns `() => { … }`, or an async one. */
const moduleFunction = (statements: readonly ts.Statement[], waits: boolean): ts.Expression => {
  const modifiers = waits ? [f.createModifier(ts.SyntaxKind.AsyncKeyword)] : undefined;
  return f.createArrowFunction(modifiers, undefined, [], undefined, undefined, f.createBlock(statements, true));
};

const constant = (name: string, value: ts.Expression): ts.Statement =>
  f.createVariableStatement(
    undefined,
    f.createVariableDeclarationList(
      [f.createVariableDeclaration(name, undefined, undefined, value)],
      ts.NodeFlags.Const,
    ),
  );

const declared = (names: readonly ts.Identifier[]): ts.Statement =>
  f.createVariableStatement(
    undefined,
    f.createVariableDeclarationList(
      names.map((name) => f.createVariableDeclaration(name)),
      ts.NodeFlags.Let,
    ),
  );

/** Returns `Name = class Name { … };`. */
const assigned = (statement: ts.ClassDeclaration, name: ts.Identifier): ts.Statement => {
  const { modifiers, typeParameters, heritageClauses, members } = statement;
  const kept = modifiers?.filter(ts.isModifier);
  const value = f.createClassExpression(kept, name, typeParameters, heritageClauses, members);
  return ts.setOriginalNode(f.createExpressionStatement(f.createAssignment(name, value)), statement);
};

const boundNames = (name: ts.BindingName): ts.Identifier[] => {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)));
};

const assignments = (statement: ts.VariableStatement): ts.Statement[] =>
  statement.declarationList.declarations.flatMap(({ name, initializer }) => {
    if (initializer === undefined) return [];
    const assignment = f.createAssignment(target(name), initializer);
    // An object pattern at the start of a statement would be a block.
    const expression = ts.isObjectBindingPattern(name) ? f.createParenthesizedExpression(assignment) : assignment;
    return [ts.setOriginalNode(f.createExpressionStatement(expression), statement)];
  });

/** Returns the assignment target that binds what a pattern of a declaration binds. ECMA-262 §13.15.5 */
const target = (name: ts.BindingName): ts.Expression => {
  if (ts.isIdentifier(name)) return name;
  if (ts.isArrayBindingPattern(name)) {
    return f.createArrayLiteralExpression(
      name.elements.map((element) => {
        if (ts.isOmittedExpression(element)) return f.createOmittedExpression();
        return element.dotDotDotToken ? f.createSpreadElement(target(element.name)) : withDefault(element);
      }),
    );
  }
  return f.createObjectLiteralExpression(
    name.elements.map((element) => {
      if (element.dotDotDotToken) return f.createSpreadAssignment(target(element.name));
      if (element.propertyName === undefined && ts.isIdentifier(element.name))
        return f.createShorthandPropertyAssignment(element.name, element.initializer);
      return f.createPropertyAssignment(element.propertyName ?? (element.name as ts.Identifier), withDefault(element));
    }),
  );
};

const withDefault = (element: ts.BindingElement): ts.Expression =>
  element.initializer === undefined
    ? target(element.name)
    : f.createAssignment(target(element.name), element.initializer);
