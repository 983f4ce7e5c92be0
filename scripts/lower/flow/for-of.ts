// for-of and for-await-of over what Porffor does not iterate rightly.
//
//   for (const P of X) B   ──►   {
//                                  const iterator = iterate(X);
//                                  let isOpen = true;
//                                  try {
//                                    for (;;) {
//                                      isOpen = false;
//                                      const step = iterator.next();
//                                      if (step.done) break;
//                                      isOpen = true;
//                                      const P = step.value;
//                                      B
//                                    }
//                                  } catch (error) {
//                                    if (isOpen) closeQuietly(iterator);
//                                    isOpen = false;
//                                    throw error;
//                                  } finally {
//                                    if (isOpen) closeIterator(iterator);
//                                  }
//                                }
//
// Arrays, typed arrays, Map and Set stay as they are; the characters of a string are first made a list; `list.entries()` and its like
// become a loop over the index.

import ts from 'typescript';
import type { LowerContext, Pass } from '../context.ts';
import { collectionOf, iterableKind } from './iterables.ts';
import { assign, call, callMethod, declare, standFor, statementsOf } from './nodes.ts';

const { factory } = ts;

/** Lowers the loops. */
export const lowerForOf: Pass = (lower) => (context) => (source) => {
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    if (ts.isLabeledStatement(node)) return visitLabelled(node);
    const visited = ts.visitEachChild(node, visit, context);
    return ts.isForOfStatement(visited) ? lowerLoop(visited, [], lower) : visited;
  };
  /** A label belongs to the loop itself, not to what is put around it. */
  const visitLabelled = (node: ts.LabeledStatement): ts.Node => {
    const labels: ts.Identifier[] = [];
    let statement: ts.Statement = node;
    for (; ts.isLabeledStatement(statement); statement = statement.statement) labels.push(statement.label);
    if (!ts.isForOfStatement(statement)) return ts.visitEachChild(node, visit, context);
    return lowerLoop(ts.visitEachChild(statement, visit, context), labels, lower);
  };
  return ts.visitEachChild(source, visit, context);
};

const lowerLoop = (node: ts.ForOfStatement, labels: readonly ts.Identifier[], lower: LowerContext): ts.Statement => {
  if (node.awaitModifier) return lowerProtocol(node, labels, lower);
  const direct = directIteration(node.expression, lower);
  if (direct) return indexLoop(node, labels, direct);
  const kind = iterableKind(node.expression, lower);
  if (kind === 'other') return lowerProtocol(node, labels, lower);
  if (kind !== 'string') return withLabels(node, labels);
  const characters = standFor(call(lower.runtime('codePoints'), node.expression), node.expression);
  return withLabels(
    factory.updateForOfStatement(node, undefined, node.initializer, characters, node.statement),
    labels,
  );
};

/** `X.entries()`, `X.keys()` and `X.values()` of a list: X and which of them. */
interface DirectIteration {
  readonly list: ts.Expression;
  readonly pick: 'entries' | 'keys' | 'values';
}

const directIteration = (node: ts.Expression, lower: LowerContext): DirectIteration | undefined => {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  if (node.questionDotToken || node.expression.questionDotToken) return undefined;
  const list = node.expression.expression;
  const pick = node.expression.name.text;
  if (pick !== 'entries' && pick !== 'keys' && pick !== 'values') return undefined;
  return iterableKind(list, lower) === 'list' && !collectionOf(list, lower) ? { list, pick } : undefined;
};

/** A loop over the index sees elements added on the way, as the iterator does. */
const indexLoop = (
  node: ts.ForOfStatement,
  labels: readonly ts.Identifier[],
  direct: DirectIteration,
): ts.Statement => {
  const list = factory.createUniqueName('list');
  const index = factory.createUniqueName('index');
  const element = factory.createElementAccessExpression(list, index);
  const items = {
    entries: factory.createArrayLiteralExpression([index, element]),
    keys: index,
    values: element,
  };
  const loop = factory.createForStatement(
    factory.createVariableDeclarationList(
      [factory.createVariableDeclaration(index, undefined, undefined, factory.createNumericLiteral(0))],
      ts.NodeFlags.Let,
    ),
    factory.createLessThan(index, factory.createPropertyAccessExpression(list, 'length')),
    factory.createPostfixIncrement(index),
    bodyWith(node, items[direct.pick]),
  );
  return standFor(
    factory.createBlock([standFor(declare(list, direct.list), node), withLabels(standFor(loop, node), labels)], true),
    node,
  );
};

const lowerProtocol = (
  node: ts.ForOfStatement,
  labels: readonly ts.Identifier[],
  lower: LowerContext,
): ts.Statement => {
  const isAsync = node.awaitModifier !== undefined;
  const settled = (value: ts.Expression): ts.Expression => (isAsync ? factory.createAwaitExpression(value) : value);
  const iterator = factory.createUniqueName('iterator');
  const isOpen = factory.createUniqueName('isOpen');
  const step = factory.createUniqueName('step');
  const error = factory.createUniqueName('error');
  const property = (name: string): ts.Expression => factory.createPropertyAccessExpression(step, name);
  const round = factory.createBlock(
    [
      assign(isOpen, factory.createFalse()),
      declare(step, settled(callMethod(iterator, 'next'))),
      factory.createIfStatement(property('done'), factory.createBreakStatement()),
      assign(isOpen, factory.createTrue()),
      ...bodyWith(node, property('value')).statements,
    ].map((statement) =>
      standFor(statement, ts.getOriginalNode(statement) === statement ? node : ts.getOriginalNode(statement)),
    ),
    true,
  );
  const loop = withLabels(standFor(factory.createForStatement(undefined, undefined, undefined, round), node), labels);
  const close = (helper: string): ts.Statement =>
    factory.createIfStatement(
      isOpen,
      factory.createExpressionStatement(settled(call(lower.runtime(isAsync ? `${helper}Async` : helper), iterator))),
    );
  const caught = [close('closeQuietly'), assign(isOpen, factory.createFalse()), factory.createThrowStatement(error)];
  const guarded = factory.createTryStatement(
    factory.createBlock([loop], true),
    factory.createCatchClause(factory.createVariableDeclaration(error), factory.createBlock(caught, true)),
    factory.createBlock([close('closeIterator')], true),
  );
  const start = call(lower.runtime(isAsync ? 'iterateAsync' : 'iterate'), node.expression);
  const statements = [declare(iterator, start), declare(isOpen, factory.createTrue(), ts.NodeFlags.Let), guarded];
  return standFor(
    factory.createBlock(
      statements.map((statement) => standFor(statement, node)),
      true,
    ),
    node,
  );
};

/** Returns the loop's body with its variable, or target, given `item` first. */
const bodyWith = (node: ts.ForOfStatement, item: ts.Expression): ts.Block => {
  const { initializer } = node;
  const first = ts.isVariableDeclarationList(initializer)
    ? declare(initializer.declarations[0]!.name, item, initializer.flags)
    : assign(initializer, item);
  return factory.createBlock([standFor(first, initializer), ...statementsOf(node.statement)], true);
};

const withLabels = (loop: ts.Statement, labels: readonly ts.Identifier[]): ts.Statement =>
  labels.reduceRight<ts.Statement>(
    (inner, label) => standFor(factory.createLabeledStatement(label, inner), loop),
    loop,
  );
