// Jobs: queueMicrotask, which Porffor lacks, and finally() of a promise, which it gets wrong.

import ts from 'typescript';
import { FLOW_RULES } from '../../dialect/flow.ts';
import type { LowerContext, Pass } from '../context.ts';
import { globalName, isValueReference, libraryTypeName } from './globals.ts';
import { call, standFor } from './nodes.ts';

/** Lowers them; refuses await outside a function. */
export const lowerJobs: Pass = (lower) => (context) => (source) => {
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    refuseTopLevelAwait(node, lower);
    const visited = ts.visitEachChild(node, visit, context);
    if (ts.isIdentifier(visited) && visited.text === 'queueMicrotask' && isValueReference(visited)) {
      return globalName(visited, lower) ? standFor(lower.runtime('queueJob'), visited) : visited;
    }
    return ts.isCallExpression(visited) ? lowerFinallyCall(visited, lower) : visited;
  };
  return ts.visitEachChild(source, visit, context);
};

const lowerFinallyCall = (node: ts.CallExpression, lower: LowerContext): ts.Node => {
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'finally') return node;
  if (libraryTypeName(lower.typeOf(expression.expression)) !== 'Promise') return node;
  if (node.questionDotToken || expression.questionDotToken) lower.reporter.report(node, FLOW_RULES.optionalFinally);
  return standFor(call(lower.runtime('settleFinally'), expression.expression, ...node.arguments), node);
};

const refuseTopLevelAwait = (node: ts.Node, lower: LowerContext): void => {
  const isAwait = ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
  const written = isAwait ? ts.getParseTreeNode(node) : undefined;
  if (written && !ts.findAncestor(written, ts.isFunctionLike)) lower.reporter.report(node, FLOW_RULES.topLevelAwait);
};
