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
      const stop = f.createCallExpression(context.runtime('assertionFailed'), undefined, [fact, place]);
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

const placeOf = (node: ts.Node, root: string): string => {
  const call = ts.getOriginalNode(node);
  const file = call.getSourceFile();
  const { line, character } = file.getLineAndCharacterOfPosition(call.getStart(file));
  return `${nameIn(root, file.fileName)}:${line + 1}:${character + 1}`;
};
