// Jobs: queueMicrotask, which Porffor lacks, and finally() of a promise, which it gets wrong.

import ts from 'typescript';
import { FLOW_RULES } from '../../dialect/flow.ts';
import type { LowerContext, Pass } from '../context.ts';
import { globalName, isLibrarySymbol, isValueReference } from './globals.ts';
import { call, standFor } from './nodes.ts';

/** Lowers them; refuses await at the top level of a module that is imported. */
export const lowerJobs: Pass = (lower) => (context) => (source) => {
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    lowerTopLevelAwait(node, lower);
    if (node.kind === ts.SyntaxKind.AsyncKeyword) lower.runtime('runJobs');
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
  const written = ts.getParseTreeNode(expression);
  const method = written && lower.checker.getSymbolAtLocation((written as ts.PropertyAccessExpression).name);
  if (method !== undefined && !isLibrarySymbol(method)) return node;
  if (ts.isOptionalChain(node)) lower.reporter.report(node, FLOW_RULES.optionalFinally);
  const helper = lower.runtime(method === undefined ? 'callFinally' : 'settleFinally');
  return standFor(call(helper, expression.expression, ...node.arguments), node);
};

/** The main module may wait at its top level: from there on it is an async function (scripts/top-level.ts). */
const lowerTopLevelAwait = (node: ts.Node, lower: LowerContext): void => {
  const isAwait = ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
  const written = isAwait ? ts.getParseTreeNode(node) : undefined;
  if (!written || ts.findAncestor(written, ts.isFunctionLike)) return;
  if (written.getSourceFile() === lower.entry) lower.runtime('runJobs');
  else lower.reporter.report(node, FLOW_RULES.topLevelAwait);
};
