// Debug lines of the control plane: the last pass over the JavaScript that Porffor is given.
//
// Before each statement inside a function goes the directive `#line N "file"`, as inline C that Porffor copies to that place of its
// output. At top level it would copy it to the head of the file instead, so statements that run at top level move into functions first.

import path from 'node:path';
import ts from 'typescript';
import type { Pass } from './lower/context.ts';

const f = ts.factory;

/** Returns the pass that moves what a module does at top level into functions named `$NAME`, in unchanged order. */
export const topLevelPass =
  (nameFor: (file: ts.SourceFile) => string): Pass =>
  () =>
  () =>
  (file) => {
    const statements: ts.Statement[] = [];
    let chunk: ts.Statement[] = [];
    const close = (): void => {
      if (chunk.length === 0) return;
      const name = nameFor(file);
      const body = f.createArrowFunction(undefined, undefined, [], undefined, undefined, f.createBlock(chunk, true));
      statements.push(
        constant(name, body),
        f.createExpressionStatement(f.createCallExpression(f.createIdentifier(name), undefined, [])),
      );
      chunk = [];
    };
    for (const statement of file.statements) {
      if (isDefinition(statement)) {
        close();
        statements.push(statement);
      } else if (ts.isVariableStatement(statement)) {
        statements.push(hoisted(statement));
        chunk.push(...assignments(statement));
      } else chunk.push(statement);
    }
    close();
    return f.updateSourceFile(file, statements);
  };

/** Returns the pass that writes the line directives. File names are relative to `root`. */
export const linePass =
  (root: string): Pass =>
  () =>
  (transformation) => {
    const inFunction: ts.Visitor = (node) => {
      if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
        const result = ts.setOriginalNode(f.createReturnStatement(node.body), node.body);
        return ts.visitEachChild(withBody(node, f.createBlock([result])), inFunction, transformation);
      }
      const visited = ts.visitEachChild(braced(node), inFunction, transformation);
      if (ts.isBlock(visited)) return f.updateBlock(visited, withDirectives(visited.statements));
      if (ts.isCaseClause(visited))
        return f.updateCaseClause(visited, visited.expression, withDirectives(visited.statements));
      if (ts.isDefaultClause(visited)) return f.updateDefaultClause(visited, withDirectives(visited.statements));
      return visited;
    };
    const outside: ts.Visitor = (node) =>
      ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)
        ? inFunction(node)
        : ts.visitEachChild(node, outside, transformation);

    const withDirectives = (statements: readonly ts.Statement[]): ts.Statement[] =>
      statements.flatMap((statement) => {
        const text = directive(statement, root);
        return text === undefined ? [statement] : [text, statement];
      });

    return (file) => ts.visitEachChild(file, outside, transformation);
  };

/** Returns the statement that sets file and line for what follows, or undefined for a statement that stands nowhere in the source. */
const directive = (statement: ts.Statement, root: string): ts.Statement | undefined => {
  const from = ts.getOriginalNode(statement);
  if (from.pos < 0 || from.parent === undefined) return undefined;
  const file = from.getSourceFile();
  const line = file.getLineAndCharacterOfPosition(from.getStart(file)).line + 1;
  const name = path.relative(root, file.fileName).split(path.sep).join('/');
  const text = `\n#line ${line} "${name}"`;
  const tag = f.createPropertyAccessExpression(f.createIdentifier('Porffor'), 'c');
  return f.createExpressionStatement(
    f.createTaggedTemplateExpression(tag, undefined, f.createNoSubstitutionTemplateLiteral(text, text)),
  );
};

/** A single statement under an `if` or a loop gets braces, so that its directive has a place. */
const braced = (node: ts.Node): ts.Node => {
  if (ts.isIfStatement(node))
    return f.updateIfStatement(
      node,
      node.expression,
      block(node.thenStatement),
      node.elseStatement && block(node.elseStatement),
    );
  if (ts.isForStatement(node))
    return f.updateForStatement(node, node.initializer, node.condition, node.incrementor, block(node.statement));
  if (ts.isForOfStatement(node))
    return f.updateForOfStatement(node, node.awaitModifier, node.initializer, node.expression, block(node.statement));
  if (ts.isForInStatement(node))
    return f.updateForInStatement(node, node.initializer, node.expression, block(node.statement));
  if (ts.isWhileStatement(node)) return f.updateWhileStatement(node, node.expression, block(node.statement));
  if (ts.isDoStatement(node)) return f.updateDoStatement(node, block(node.statement), node.expression);
  return node;
};

const block = (statement: ts.Statement): ts.Block =>
  ts.isBlock(statement) ? statement : f.createBlock([statement], true);

const withBody = (node: ts.ArrowFunction, body: ts.Block): ts.ArrowFunction =>
  f.updateArrowFunction(
    node,
    node.modifiers,
    node.typeParameters,
    node.parameters,
    node.type,
    node.equalsGreaterThanToken,
    body,
  );

const constant = (name: string, value: ts.Expression): ts.Statement =>
  f.createVariableStatement(
    undefined,
    f.createVariableDeclarationList(
      [f.createVariableDeclaration(name, undefined, undefined, value)],
      ts.NodeFlags.Const,
    ),
  );

/** True for what stays at top level: functions and classes, plain constants, and patterns (which have no simple assignment). */
const isDefinition = (statement: ts.Statement): boolean => {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) return true;
  if (ts.isEmptyStatement(statement) || ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))
    return true;
  if (ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)) return true;
  if (!ts.isVariableStatement(statement)) return false;
  return statement.declarationList.declarations.every(
    ({ name, initializer }) => !ts.isIdentifier(name) || initializer === undefined || isPlainValue(initializer),
  );
};

const isPlainValue = (node: ts.Expression): boolean =>
  ts.isArrowFunction(node) ||
  ts.isFunctionExpression(node) ||
  ts.isClassExpression(node) ||
  ts.isNumericLiteral(node) ||
  ts.isStringLiteral(node) ||
  node.kind === ts.SyntaxKind.TrueKeyword ||
  node.kind === ts.SyntaxKind.FalseKeyword ||
  node.kind === ts.SyntaxKind.NullKeyword ||
  (ts.isPrefixUnaryExpression(node) && ts.isNumericLiteral(node.operand));

const hoisted = (statement: ts.VariableStatement): ts.Statement =>
  f.createVariableStatement(
    undefined,
    f.createVariableDeclarationList(
      statement.declarationList.declarations.map((declaration) => f.createVariableDeclaration(declaration.name)),
      ts.NodeFlags.Let,
    ),
  );

const assignments = (statement: ts.VariableStatement): ts.Statement[] =>
  statement.declarationList.declarations.flatMap(({ name, initializer }) =>
    initializer === undefined || !ts.isIdentifier(name)
      ? []
      : [ts.setOriginalNode(f.createExpressionStatement(f.createAssignment(name, initializer)), statement)],
  );
