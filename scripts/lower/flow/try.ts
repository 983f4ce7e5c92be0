// try, catch and finally, as far as Porffor gets them wrong.
//
//   - `finally` is skipped on every exit but the normal one
//   - a `try` left by break or continue keeps its handler, and the next throw jumps to it
//   - `return call()` inside `try` is a tail call, made after the handler is gone
//
// A region whose exits may not happen in place ends in a labelled block *inside* the try: leaving that block leaves no handler behind.
//
//   try { A } catch (e) { B } finally { C }        {
//                                                    let exit = 0, value;
//                                                    try { region: { try { A } catch (e) { B } } } catch (error) { exit = 1; value = error; }
//                                            ──►     C
//                                                    if (exit === 1) throw value;
//                                                    if (exit === 2) return value;
//                                                  }

import ts from 'typescript';
import type { Pass } from '../context.ts';
import { createExitPlan, EXIT_NONE, EXIT_THROW, type ExitPlan, resumeExits, rewriteExits } from './exits.ts';
import { assign, declare, equals, isFunctionBoundary, standFor } from './nodes.ts';

const { factory } = ts;

/** Lowers try statements, inner ones first, so that an exit that crosses two of them is handed from one to the next. */
export const lowerTry: Pass = () => (context) => (source) => {
  const visit = (node: ts.Node): ts.Node => {
    const visited = ts.visitEachChild(node, visit, context);
    if (!ts.isTryStatement(visited)) return visited;
    return visited.finallyBlock ? lowerFinally(visited, context) : lowerCatch(visited, context);
  };
  return visit(source) as ts.SourceFile;
};

/** Lowers a try without finally: only jumps out of its try block move; a returned value is computed before the handler goes. */
const lowerCatch = (node: ts.TryStatement, context: ts.TransformationContext): ts.Statement => {
  const plan = createExitPlan();
  const settled = settleReturns(node.tryBlock, context);
  const region = rewriteExits(settled, plan, 'jumps', context);
  if (plan.outcomes.size === 0) return factory.updateTryStatement(node, settled, node.catchClause, undefined);
  const attempt = factory.createTryStatement(labelled(region, plan), node.catchClause, undefined);
  return standFor(factory.createBlock([startExit(plan), standFor(attempt, node), ...resumeExits(plan)], true), node);
};

const lowerFinally = (node: ts.TryStatement, context: ts.TransformationContext): ts.Statement => {
  const plan = createExitPlan();
  const attempt = node.catchClause
    ? factory.createBlock(
        [lowerCatch(factory.updateTryStatement(node, node.tryBlock, node.catchClause, undefined), context)],
        true,
      )
    : node.tryBlock;
  const region = rewriteExits(attempt, plan, 'all', context);
  const error = factory.createUniqueName('error');
  const caught = factory.createCatchClause(
    factory.createVariableDeclaration(error),
    factory.createBlock([assign(plan.value, error), assign(plan.exit, factory.createNumericLiteral(EXIT_THROW))], true),
  );
  const rethrow = factory.createIfStatement(
    equals(plan.exit, factory.createNumericLiteral(EXIT_THROW)),
    factory.createThrowStatement(plan.value),
  );
  const block = [
    startExit(plan),
    declare(plan.value, factory.createVoidZero(), ts.NodeFlags.Let),
    standFor(factory.createTryStatement(labelled(region, plan), caught, undefined), node),
    node.finallyBlock!,
    rethrow,
    ...resumeExits(plan),
  ];
  return standFor(factory.createBlock(block, true), node);
};

const startExit = (plan: ExitPlan): ts.Statement =>
  declare(plan.exit, factory.createNumericLiteral(EXIT_NONE), ts.NodeFlags.Let);

const labelled = (region: ts.Block, plan: ExitPlan): ts.Block =>
  plan.outcomes.size === 0 ? region : factory.createBlock([factory.createLabeledStatement(plan.label, region)], true);

/** Turns `return f();` into `{ const value = f(); return value; }` wherever `block` returns what is not a plain value. */
const settleReturns = (block: ts.Block, context: ts.TransformationContext): ts.Block => {
  const visit = (node: ts.Node): ts.Node => {
    if (isFunctionBoundary(node)) return node;
    if (!ts.isReturnStatement(node)) return ts.visitEachChild(node, visit, context);
    if (!node.expression || isPlainValue(node.expression)) return node;
    const value = factory.createUniqueName('value');
    const kept = standFor(declare(value, node.expression), node);
    return standFor(factory.createBlock([kept, standFor(factory.createReturnStatement(value), node)], true), node);
  };
  return visit(block) as ts.Block;
};

const isPlainValue = (node: ts.Expression): boolean =>
  ts.isIdentifier(node) ||
  ts.isLiteralExpression(node) ||
  node.kind === ts.SyntaxKind.TrueKeyword ||
  node.kind === ts.SyntaxKind.FalseKeyword ||
  node.kind === ts.SyntaxKind.NullKeyword ||
  node.kind === ts.SyntaxKind.ThisKeyword;
