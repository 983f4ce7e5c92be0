// Reads that may come before the declaration (early-analysis.ts) are checked, as the language does it: ReferenceError.
//
//   const late = 5;      ──►   let late$set$main$1 = false; …  const late = 5; late$set$main$1 = true;
//   () => late           ──►   () => (late$set$main$1 || cannotAccess('late'), late)

import ts from 'typescript';
import { FLOW_RULES } from '../dialect/flow.ts';
import type { Pass } from './context.ts';
import { type EarlyReads, findEarlyReads } from './early-analysis.ts';

const f = ts.factory;

/** Adds the checks. Runs when modules are joined, before constants are written as their values. */
export const earlyReadPass: Pass = (context) => (transformation) => (file) => {
  let count = 0;
  const early = findEarlyReads(ts.getOriginalNode(file, ts.isSourceFile), context.checker);
  if (early.reads.size === 0) return file;
  const flags = new Map<ts.Symbol, string>();
  for (const symbols of early.declared.values())
    for (const symbol of symbols) {
      count += 1;
      flags.set(symbol, context.nameInModule(`${symbol.name}$set`, file, count));
    }

  const visit: ts.Visitor = (node) => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    const visited = ts.visitEachChild(node, visit, transformation);
    if (ts.isBlock(visited)) return f.updateBlock(visited, withFlags(visited.statements, early, flags));
    const name = nameOf(node);
    const symbol = name === undefined ? undefined : early.reads.get(name);
    if (symbol === undefined) return visited;
    if (isWritten(name!)) context.reporter.report(name!, FLOW_RULES.earlyWrite, name!.text);
    const checked = f.createParenthesizedExpression(
      f.createComma(
        f.createLogicalOr(
          f.createIdentifier(flags.get(symbol)!),
          f.createCallExpression(context.runtime('cannotAccess'), undefined, [f.createStringLiteral(symbol.name)]),
        ),
        ts.isShorthandPropertyAssignment(visited) ? visited.name : (visited as ts.Expression),
      ),
    );
    const made = ts.isShorthandPropertyAssignment(visited)
      ? f.createPropertyAssignment(visited.name.text, checked)
      : checked;
    return ts.setTextRange(ts.setOriginalNode(made, ts.getOriginalNode(node)), node);
  };
  const visited = ts.visitEachChild(file, visit, transformation);
  return f.updateSourceFile(visited, withFlags(visited.statements, early, flags));
};

/** The identifier in the source that a node stands for as a use of a variable. */
const nameOf = (node: ts.Node): ts.Identifier | undefined => {
  const original = ts.getOriginalNode(node);
  if (ts.isShorthandPropertyAssignment(original)) return original.name;
  const isName =
    ts.isIdentifier(original) && (original.parent === undefined || !ts.isShorthandPropertyAssignment(original.parent));
  return isName && ts.isIdentifier(node) ? original : undefined;
};

/** A write would have to throw after its right side is computed; nobody means to write that. */
const isWritten = (name: ts.Identifier): boolean => {
  const { parent } = name;
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent))
    return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === name &&
    parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  );
};

const withFlags = (
  statements: ts.NodeArray<ts.Statement>,
  early: EarlyReads,
  flags: ReadonlyMap<ts.Symbol, string>,
): ts.NodeArray<ts.Statement> => {
  const first: ts.Statement[] = [];
  const rest = statements.flatMap((statement) => {
    const original = ts.getOriginalNode(statement);
    const symbols = early.declared.get(original as ts.Statement) ?? [];
    for (const symbol of symbols) first.push(from(variable(flags.get(symbol)!), original));
    return [statement, ...symbols.map((symbol) => from(setStatement(flags.get(symbol)!), original))];
  });
  return first.length === 0 ? statements : ts.setTextRange(f.createNodeArray([...first, ...rest]), statements);
};

const variable = (name: string): ts.Statement =>
  f.createVariableStatement(
    undefined,
    f.createVariableDeclarationList(
      [f.createVariableDeclaration(name, undefined, undefined, f.createFalse())],
      ts.NodeFlags.Let,
    ),
  );

const setStatement = (name: string): ts.Statement =>
  f.createExpressionStatement(f.createAssignment(f.createIdentifier(name), f.createTrue()));

const from = <T extends ts.Node>(made: T, node: ts.Node): T => ts.setTextRange(ts.setOriginalNode(made, node), node);
