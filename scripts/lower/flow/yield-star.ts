// `yield*`, whose inner generator hears nothing of throw() and return() in Porffor.
//
//   const r = yield* X;   ──►   const inner = iterate(X);
//                               let step = inner.next();
//                               let isOpen = true;
//                               try {
//                                 while (!step.done) {
//                                   let sent, hasFailed = false;
//                                   try { sent = yield step.value; } catch (error) { sent = error; hasFailed = true; }
//                                   isOpen = false;
//                                   step = hasFailed ? throwInto(inner, sent) : inner.next(sent);
//                                   isOpen = true;
//                                 }
//                                 isOpen = false;
//                               } finally { if (isOpen) closeIterator(inner); }
//                               const r = step.value;

import ts from 'typescript';
import { FLOW_RULES } from '../../dialect/flow.ts';
import type { LowerContext, Pass } from '../context.ts';
import { assign, call, callMethod, declare, standFor } from './nodes.ts';

const { factory } = ts;

/** Lowers `yield*` where it is a statement, an initialiser, the right side of an assignment, or returned; refuses it elsewhere. */
export const lowerYieldStar: Pass = (lower) => (context) => (source) => {
  const visit = (node: ts.Node): ts.VisitResult<ts.Node> => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    const place = ts.isStatement(node) ? placeOf(node) : undefined;
    if (place === undefined) {
      if (isYieldStar(node)) lower.reporter.report(node, FLOW_RULES.yieldStar);
      return ts.visitEachChild(node, visit, context);
    }
    if (isInAsyncFunction(place)) lower.reporter.report(place, FLOW_RULES.yieldStar);
    const delegated = ts.visitNode(place.expression!, visit) as ts.Expression;
    const { statements, result } = delegate(delegated, lower);
    const rest = withResult(node as ts.Statement, result);
    const all = (rest ? [...statements, rest] : statements).map((statement) => standFor(statement, node));
    return isInList(node) ? all : standFor(factory.createBlock(all, true), node);
  };
  return ts.visitEachChild(source, visit, context);
};

const isYieldStar = (node: ts.Node): node is ts.YieldExpression =>
  ts.isYieldExpression(node) && node.asteriskToken !== undefined;

/** Tells whether several statements may take the place of `node`. */
const isInList = (node: ts.Node): boolean => {
  const parent = ts.getParseTreeNode(node)?.parent;
  return parent !== undefined && (ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent));
};

/** Returns the `yield*` that a statement consists of. */
const placeOf = (node: ts.Statement): ts.YieldExpression | undefined => {
  if (ts.getParseTreeNode(node) === undefined) return undefined;
  const value = expressionOf(node);
  return value && isYieldStar(value) ? value : undefined;
};

const expressionOf = (node: ts.Statement): ts.Expression | undefined => {
  if (ts.isReturnStatement(node)) return node.expression;
  if (ts.isVariableStatement(node)) {
    const [declaration, ...others] = node.declarationList.declarations;
    return others.length === 0 ? declaration?.initializer : undefined;
  }
  if (!ts.isExpressionStatement(node)) return undefined;
  const { expression } = node;
  const isAssignment = ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isAssignment ? expression.right : expression;
};

const isInAsyncFunction = (node: ts.Node): boolean => {
  const written = ts.getParseTreeNode(node);
  const container = written && ts.findAncestor(written, ts.isFunctionLike);
  return (
    container !== undefined && (ts.getCombinedModifierFlags(container as ts.Declaration) & ts.ModifierFlags.Async) !== 0
  );
};

/** Returns the statement with the delegate's result in place of the `yield*`; undefined when nothing is made of it. */
const withResult = (node: ts.Statement, result: ts.Expression): ts.Statement | undefined => {
  if (ts.isReturnStatement(node)) return factory.updateReturnStatement(node, result);
  if (ts.isVariableStatement(node)) {
    const { name } = node.declarationList.declarations[0]!;
    return declare(name, result, node.declarationList.flags);
  }
  const { expression } = node as ts.ExpressionStatement;
  return ts.isBinaryExpression(expression) ? assign(expression.left, result) : undefined;
};

const delegate = (
  iterable: ts.Expression,
  lower: LowerContext,
): { statements: ts.Statement[]; result: ts.Expression } => {
  const inner = factory.createUniqueName('inner');
  const step = factory.createUniqueName('step');
  const isOpen = factory.createUniqueName('isOpen');
  const setOpen = (value: boolean): ts.Statement =>
    assign(isOpen, value ? factory.createTrue() : factory.createFalse());
  const of = (name: string): ts.Expression => factory.createPropertyAccessExpression(step, name);
  const round = [...yieldOnce(of('value'), inner, step, lower, () => setOpen(false)), setOpen(true)];
  const loop = factory.createWhileStatement(factory.createLogicalNot(of('done')), factory.createBlock(round, true));
  const close = factory.createIfStatement(
    isOpen,
    factory.createExpressionStatement(call(lower.runtime('closeIterator'), inner)),
  );
  const guarded = factory.createTryStatement(
    factory.createBlock([loop, setOpen(false)], true),
    undefined,
    factory.createBlock([close], true),
  );
  const statements = [
    declare(inner, call(lower.runtime('iterate'), iterable)),
    declare(step, callMethod(inner, 'next'), ts.NodeFlags.Let),
    declare(isOpen, factory.createTrue(), ts.NodeFlags.Let),
    guarded,
  ];
  return { statements, result: of('value') };
};

/** Yields one value of the inner generator and hands it what comes back. */
const yieldOnce = (
  value: ts.Expression,
  inner: ts.Identifier,
  step: ts.Identifier,
  lower: LowerContext,
  beforeAnswer: () => ts.Statement,
): ts.Statement[] => {
  const sent = factory.createUniqueName('sent');
  const hasFailed = factory.createUniqueName('hasFailed');
  const error = factory.createUniqueName('error');
  const attempt = factory.createTryStatement(
    factory.createBlock([assign(sent, factory.createYieldExpression(undefined, value))], true),
    factory.createCatchClause(
      factory.createVariableDeclaration(error),
      factory.createBlock([assign(sent, error), assign(hasFailed, factory.createTrue())], true),
    ),
    undefined,
  );
  const answer = factory.createConditionalExpression(
    hasFailed,
    undefined,
    call(lower.runtime('throwInto'), inner, sent),
    undefined,
    callMethod(inner, 'next', sent),
  );
  return [
    declare(sent, factory.createVoidZero(), ts.NodeFlags.Let),
    declare(hasFailed, factory.createFalse(), ts.NodeFlags.Let),
    attempt,
    beforeAnswer(),
    assign(step, answer),
  ];
};
