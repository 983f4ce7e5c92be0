// Loops whose body contains a function. Porffor mixes up the variables of the rounds in closures; those of a function it keeps apart. So
// the body becomes a function, and each round a call:
//
//   for (let i = 0; i < n; i++) {         {
//     if (a(i)) continue;                   const round = (i) => {
//     if (b(i)) return i;         ──►         if (a(i)) return 2;
//     later(() => i);                         if (b(i)) { value = i; return 3; }
//   }                                         later(() => i);
//                                           };
//                                           let value;
//                                           for (let i = 0; i < n; i++) {
//                                             const exit = round(i);
//                                             if (exit === 2) continue;
//                                             if (exit === 3) return value;
//                                           }
//                                         }
//
// await and yield in the body suspend through the call: kernel/runtime/suspend.ts.

import ts from 'typescript';
import { FLOW_RULES } from '../../dialect/flow.ts';
import type { LowerContext, Pass } from '../context.ts';
import { createExitPlan, resumeExits, rewriteExits } from './exits.ts';
import {
  call,
  containsFunction,
  declare,
  equals,
  isFunctionBoundary,
  isLoop,
  standFor,
  statementsOf,
} from './nodes.ts';

const { factory } = ts;

/** Moves the bodies of loops that contain functions into functions. */
export const outlineLoops: Pass = (lower) => (context) => (source) => {
  const visit = (node: ts.Node): ts.Node => {
    if (!ts.isLabeledStatement(node)) {
      const visited = ts.visitEachChild(node, visit, context);
      return needsOutline(visited) ? outline(visited, [], lower, context) : visited;
    }
    const labels: ts.Identifier[] = [];
    let statement: ts.Statement = node;
    for (; ts.isLabeledStatement(statement); statement = statement.statement) labels.push(statement.label);
    if (!isLoop(statement)) return ts.visitEachChild(node, visit, context);
    const visited = ts.visitEachChild(statement, visit, context);
    return needsOutline(visited) ? outline(visited, labels, lower, context) : withLabels(visited, labels);
  };
  return visit(source) as ts.SourceFile;
};

const needsOutline = (node: ts.Node): node is ts.IterationStatement => isLoop(node) && containsFunction(node.statement);

const withLabels = (loop: ts.Statement, labels: readonly ts.Identifier[]): ts.Statement =>
  labels.reduceRight<ts.Statement>(
    (inner, label) => standFor(factory.createLabeledStatement(label, inner), loop),
    loop,
  );

const outline = (
  loop: ts.IterationStatement,
  labels: readonly ts.Identifier[],
  lower: LowerContext,
  context: ts.TransformationContext,
): ts.Statement => {
  const plan = createExitPlan();
  const round = factory.createUniqueName('round');
  const names = headNames(loop);
  const isHoisted = ts.isForStatement(loop) && names.some((name) => writes(loop.statement, name));
  if (isHoisted) refuseCaptured(loop, names, lower);
  if (ts.isForStatement(loop) && names.some((name) => isCapturedInHead(loop, name))) {
    lower.reporter.report(loop, FLOW_RULES.changedLoopVariable);
  }

  const exits = rewriteExits(factory.createBlock(statementsOf(loop.statement), true), plan, 'return', context);
  const { body, suspension } = suspendHere(exits, lower, context);
  const parameters = isHoisted ? [] : names;
  const step = call(round, ...parameters);
  const carried = plan.outcomes.size === 0 ? [factory.createExpressionStatement(step)] : [declare(plan.exit, step)];
  const calls = factory.createBlock(
    [...carried, ...resumeExits(plan)].map((made) => traced(made, loop)),
    true,
  );
  const statements = [
    declare(plan.value, factory.createVoidZero(), ts.NodeFlags.Let),
    declare(round, roundFunction(parameters, body)),
    ...(suspension ? [neverReached(round, suspension)] : []),
    ...(isHoisted ? [hoistedHead(loop as ts.ForStatement)] : []),
    withLabels(withBody(loop, calls, isHoisted), labels),
  ];
  return standFor(
    factory.createBlock(
      statements.map((made) => traced(made, loop)),
      true,
    ),
    loop,
  );
};

/** Marks what was made up as standing on the loop's line. */
const traced = <T extends ts.Node>(node: T, loop: ts.Node): T =>
  ts.getOriginalNode(node) === node ? standFor(node, loop) : node;

const roundFunction = (names: readonly ts.Identifier[], body: ts.Block): ts.Expression => {
  const parameters = names.map((name) => factory.createParameterDeclaration(undefined, undefined, name));
  return factory.createArrowFunction(undefined, undefined, parameters, undefined, undefined, body);
};

const hoistedHead = (loop: ts.ForStatement): ts.Statement =>
  standFor(
    factory.createVariableStatement(undefined, loop.initializer as ts.VariableDeclarationList),
    loop.initializer!,
  );

const withBody = (loop: ts.IterationStatement, body: ts.Block, isHoisted: boolean): ts.Statement => {
  if (ts.isWhileStatement(loop)) return factory.updateWhileStatement(loop, loop.expression, body);
  if (ts.isDoStatement(loop)) return factory.updateDoStatement(loop, body, loop.expression);
  if (ts.isForInStatement(loop)) return factory.updateForInStatement(loop, loop.initializer, loop.expression, body);
  if (ts.isForOfStatement(loop)) {
    return factory.updateForOfStatement(loop, loop.awaitModifier, loop.initializer, loop.expression, body);
  }
  const { initializer, condition, incrementor } = loop as ts.ForStatement;
  return factory.updateForStatement(
    loop as ts.ForStatement,
    isHoisted ? undefined : initializer,
    condition,
    incrementor,
    body,
  );
};

/** Returns the names that the loop's head declares. */
const headNames = (loop: ts.IterationStatement): ts.Identifier[] => {
  const head =
    ts.isForStatement(loop) || ts.isForOfStatement(loop) || ts.isForInStatement(loop) ? loop.initializer : undefined;
  if (!head || !ts.isVariableDeclarationList(head)) return [];
  const namesOf = (name: ts.BindingName): ts.Identifier[] =>
    ts.isIdentifier(name)
      ? [name]
      : name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(element.name) : []));
  return head.declarations.flatMap((declaration) => namesOf(declaration.name));
};

/** A for loop whose body counts, and whose closures see the counter of their round, has no right form. */
const refuseCaptured = (loop: ts.ForStatement, names: readonly ts.Identifier[], lower: LowerContext): void => {
  const isCaptured = names.some((name) => capturedIn(loop.statement, name));
  if (isCaptured) lower.reporter.report(loop, FLOW_RULES.changedLoopVariable);
};

const isCapturedInHead = (loop: ts.ForStatement, name: ts.Identifier): boolean =>
  [loop.initializer, loop.condition, loop.incrementor].some((part) => part !== undefined && capturedIn(part, name));

/** Tells whether a function inside `node` mentions `name`. No inner name hides another (scripts/lower/flow/shadows.ts). */
const capturedIn = (node: ts.Node, name: ts.Identifier): boolean =>
  isFunctionBoundary(node)
    ? mentions(node, name)
    : ts.forEachChild(node, (child) => capturedIn(child, name) || undefined) === true;

const mentions = (node: ts.Node, name: ts.Identifier): boolean =>
  ts.isIdentifier(node)
    ? keyOf(node) === keyOf(name)
    : ts.forEachChild(node, (child) => mentions(child, name) || undefined) === true;

/** Names that passes made up get their final text only when printed; until then a number tells them apart. */
const keyOf = (name: ts.Identifier): string => {
  const { emitNode } = name as { emitNode?: { autoGenerate?: { id: number } } };
  return `${ts.idText(name)} ${emitNode?.autoGenerate?.id ?? ''}`;
};

/** Tells whether `name` is written anywhere inside `node`, also by a pattern or by a function. */
const writes = (node: ts.Node, name: ts.Identifier): boolean => {
  const target = targetOf(node);
  const isTarget = target !== undefined && (isPattern(target) || ts.isIdentifier(target)) && mentions(target, name);
  return isTarget || ts.forEachChild(node, (child) => writes(child, name) || undefined) === true;
};

const isPattern = (node: ts.Node): boolean =>
  ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node) || ts.isParenthesizedExpression(node);

/** Returns what a node assigns to; undefined for a node that assigns nothing. */
const targetOf = (node: ts.Node): ts.Node | undefined => {
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) return node.initializer;
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const counts = node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
    return counts ? node.operand : undefined;
  }
  if (!ts.isBinaryExpression(node)) return undefined;
  const operator = node.operatorToken.kind;
  const assigns = operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
  return assigns ? node.left : undefined;
};

/** Keeps the function around the loop a coroutine: Porffor runs one without any await as a plain function. */
const neverReached = (round: ts.Identifier, suspension: ts.Expression): ts.Statement =>
  factory.createIfStatement(equals(round, factory.createVoidZero()), factory.createExpressionStatement(suspension));

/** Replaces await and yield, which a plain function may not contain, by calls that suspend the coroutine around it. */
const suspendHere = (
  block: ts.Block,
  lower: LowerContext,
  context: ts.TransformationContext,
): { body: ts.Block; suspension: ts.Expression | undefined } => {
  let suspension: ts.Expression | undefined;
  const visit = (node: ts.Node): ts.Node => {
    if (isFunctionBoundary(node)) return node;
    const visited = ts.visitEachChild(node, visit, context);
    if (ts.isAwaitExpression(visited)) {
      suspension = factory.createAwaitExpression(factory.createVoidZero());
      return standFor(call(lower.runtime('awaitHere'), visited.expression), visited);
    }
    if (!ts.isYieldExpression(visited)) return visited;
    suspension = factory.createYieldExpression(undefined, factory.createVoidZero());
    return standFor(call(lower.runtime('yieldHere'), visited.expression ?? factory.createVoidZero()), visited);
  };
  return { body: visit(block) as ts.Block, suspension };
};
