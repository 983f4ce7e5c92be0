// Function declarations go first in their block; in a nested block they become constants. There Porffor neither hoists them nor keeps them
// apart from other variables of their name.

import ts from 'typescript';
import type { Pass } from '../context.ts';
import { declare, standFor } from './nodes.ts';

const { factory } = ts;

/** Moves function declarations to the start of their block. */
export const hoistFunctions: Pass = () => (context) => (source) => {
  const visit = (node: ts.Node, parent: ts.Node): ts.Node => {
    const visited = ts.visitEachChild(node, (child) => visit(child, node), context);
    if (ts.isSourceFile(visited)) return factory.updateSourceFile(visited, functionsFirst(visited.statements));
    if (!ts.isBlock(visited)) return visited;
    const statements = functionsFirst(visited.statements);
    if (ts.isFunctionLike(parent) || statements === visited.statements) return factory.updateBlock(visited, statements);
    return factory.updateBlock(visited, statements.map(asConstant));
  };
  return visit(source, source) as ts.SourceFile;
};

const functionsFirst = (statements: ts.NodeArray<ts.Statement>): ts.NodeArray<ts.Statement> => {
  const functions = statements.filter(ts.isFunctionDeclaration);
  if (functions.length === 0) return statements;
  const others = statements.filter((statement) => !ts.isFunctionDeclaration(statement));
  return ts.setTextRange(factory.createNodeArray([...functions, ...others]), statements);
};

const asConstant = (node: ts.Statement): ts.Statement => {
  if (!ts.isFunctionDeclaration(node) || !node.name || !node.body) return node;
  const { asteriskToken, parameters, body } = node;
  const modifiers = node.modifiers?.filter(ts.isModifier);
  const value = factory.createFunctionExpression(
    modifiers,
    asteriskToken,
    undefined,
    undefined,
    parameters,
    undefined,
    body,
  );
  return standFor(declare(node.name, standFor(value, node)), node);
};
