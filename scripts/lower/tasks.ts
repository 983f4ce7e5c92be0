// The calls of kernel/event/task.ts. They are for traces: where a program is not built for one, they are not there.

import ts from 'typescript';
import type { Pass } from './context.ts';

/** Returns whether a statement is nothing but such a call. */
export const isTaskNote = (statement: ts.Node, checker: ts.TypeChecker): boolean => {
  const node = ts.getOriginalNode(statement);
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return false;
  const { expression } = node.expression;
  if (!ts.isIdentifier(expression)) return false;
  const symbol = checker.getSymbolAtLocation(expression);
  if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Alias) === 0) return false; // It is always imported.
  const declaration = checker.getAliasedSymbol(symbol).valueDeclaration;
  return declaration?.getSourceFile().fileName.endsWith('/kernel/event/task.ts') === true;
};

/** The pass that leaves them out. */
export const withoutTaskNotes: Pass = (context) => (transformation) => {
  const visit: ts.Visitor = (node) =>
    isTaskNote(node, context.checker)
      ? ts.factory.createEmptyStatement()
      : ts.visitEachChild(node, visit, transformation);
  return (file) => (/\/kernel\/event\//.test(file.fileName) ? ts.visitEachChild(file, visit, transformation) : file);
};
