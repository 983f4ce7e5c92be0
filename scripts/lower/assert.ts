// `assert(condition, fact)` of kernel/base/assert.ts in the control plane: the call of a function that stops the machine, made only when
// the condition does not hold, with the place of the assertion in its text.

import ts from 'typescript';
import { isOwnFile, nameIn } from '../folders.ts';
import type { LowerContext, Pass } from './context.ts';

const f = ts.factory;

/** Returns the pass. Places are named relative to `root`. */
export const assertPass =
  (root: string): Pass =>
  (context) =>
  (transformation) => {
    const visit: ts.Visitor = (node) => {
      const visited = ts.visitEachChild(node, visit, transformation);
      if (!ts.isCallExpression(visited) || !isAssert(node, context)) return visited;
      const [condition, fact] = visited.arguments;
      if (condition === undefined || fact === undefined) return visited; // TypeScript has reported the missing argument.
      const place = f.createStringLiteral(placeOf(node, root));
      const compared = comparedValues(ts.getOriginalNode(node) as ts.CallExpression, condition);
      const stop =
        compared === undefined
          ? f.createCallExpression(context.runtime('assertionFailed'), undefined, [fact, place])
          : f.createCallExpression(context.runtime('comparisonFailed'), undefined, [fact, place, ...compared]);
      return f.createLogicalOr(f.createParenthesizedExpression(condition), stop);
    };
    return (file) => ts.visitEachChild(file, visit, transformation);
  };

const isAssert = (node: ts.Node, context: LowerContext): boolean => {
  const call = ts.getOriginalNode(node);
  if (!ts.isCallExpression(call) || !ts.isIdentifier(call.expression)) return false;
  const symbol = context.checker.getSymbolAtLocation(call.expression);
  if (symbol === undefined) return false;
  const resolved = (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? context.checker.getAliasedSymbol(symbol) : symbol;
  const file = resolved.valueDeclaration?.getSourceFile().fileName;
  return resolved.name === 'assert' && file !== undefined && isOwnFile(file, 'kernel/base/assert.ts');
};

/** Returns the source of a comparison, its two sides and the operator, where the sides may be read once more; undefined for any other condition. */
const comparedValues = (call: ts.CallExpression, lowered: ts.Expression): ts.Expression[] | undefined => {
  const [condition] = call.arguments;
  if (condition === undefined || !ts.isBinaryExpression(condition) || !ts.isBinaryExpression(lowered)) return undefined;
  if (!COMPARISONS.has(condition.operatorToken.kind)) return undefined;
  if (!isPlain(condition.left) || !isPlain(condition.right)) return undefined;
  const source = f.createStringLiteral(condition.getText().replace(/\s+/g, ' '));
  return [source, lowered.left, f.createStringLiteral(condition.operatorToken.getText()), lowered.right];
};

const COMPARISONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]);

/** Returns whether an expression calls nothing and changes nothing. */
const isPlain = (node: ts.Expression): boolean => {
  if (ts.isPropertyAccessExpression(node)) return isPlain(node.expression);
  if (ts.isElementAccessExpression(node)) return isPlain(node.expression) && isPlain(node.argumentExpression);
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isTypeOfExpression(node))
    return isPlain(node.expression);
  return ts.isIdentifier(node) || ts.isLiteralExpression(node) || CONSTANTS.has(node.kind);
};

const CONSTANTS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.ThisKeyword,
  ts.SyntaxKind.NullKeyword,
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
]);

const placeOf = (node: ts.Node, root: string): string => {
  const call = ts.getOriginalNode(node);
  const file = call.getSourceFile();
  const { line, character } = file.getLineAndCharacterOfPosition(call.getStart(file));
  return `${nameIn(root, file.fileName)}:${line + 1}:${character + 1}`;
};
