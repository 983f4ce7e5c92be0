// Function declarations go first in their block: in nested blocks Porffor does not hoist them.

import ts from 'typescript';
import type { Pass } from '../context.ts';

const { factory } = ts;

/** Moves the function declarations of every block to its start. */
export const hoistFunctions: Pass = () => (context) => (source) => {
  const visit = (node: ts.Node): ts.Node => {
    const visited = ts.visitEachChild(node, visit, context);
    if (ts.isBlock(visited)) return factory.updateBlock(visited, functionsFirst(visited.statements));
    if (ts.isSourceFile(visited)) return factory.updateSourceFile(visited, functionsFirst(visited.statements));
    return visited;
  };
  return visit(source) as ts.SourceFile;
};

const functionsFirst = (statements: ts.NodeArray<ts.Statement>): ts.NodeArray<ts.Statement> => {
  const functions = statements.filter(ts.isFunctionDeclaration);
  if (functions.length === 0) return statements;
  const others = statements.filter((statement) => !ts.isFunctionDeclaration(statement));
  const directives = others.filter(
    (statement, index) =>
      index === 0 && ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression),
  );
  const rest = others.slice(directives.length);
  return ts.setTextRange(factory.createNodeArray([...directives, ...functions, ...rest]), statements);
};
