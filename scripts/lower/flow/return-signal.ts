// The catch clauses of generators, and the signal that ends one.
//
// generator.return(v) throws a signal into the generator (scripts/patch/generators.ts), so that its finally blocks run. No catch clause of
// the program may see it.

import ts from 'typescript';
import type { LowerContext, Pass } from '../context.ts';
import { declare, equals, isFunctionBoundary, standFor } from './nodes.ts';

const { factory } = ts;

/** Makes the catch clauses of generators let the signal pass. */
export const passReturnSignal: Pass = (lower) => (context) => (source) => {
  const visit = (node: ts.Node, isInGenerator: boolean): ts.Node => {
    const inner = isFunctionBoundary(node) ? isGenerator(node) : isInGenerator;
    const visited = ts.visitEachChild(node, (child) => visit(child, inner), context);
    return inner && ts.isTryStatement(visited) ? guard(visited, lower) : visited;
  };
  return visit(source, false) as ts.SourceFile;
};

const isGenerator = (node: ts.Node): boolean => (node as ts.FunctionLikeDeclaration).asteriskToken !== undefined;

const guard = (node: ts.TryStatement, lower: LowerContext): ts.TryStatement => {
  const signal = lower.runtime('generatorReturnSignal');
  const clause = node.catchClause;
  if (!clause) return node;
  const error = factory.createUniqueName('error');
  const pass = factory.createIfStatement(equals(error, signal), factory.createThrowStatement(error));
  const bound = clause.variableDeclaration ? [declare(clause.variableDeclaration.name, error, ts.NodeFlags.Let)] : [];
  const statements = [pass, ...bound, ...clause.block.statements];
  const block = standFor(factory.createBlock(statements, true), clause.block);
  const guarded = factory.updateCatchClause(clause, factory.createVariableDeclaration(error), block);
  return factory.updateTryStatement(node, node.tryBlock, guarded, node.finallyBlock);
};
