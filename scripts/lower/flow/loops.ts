// Loops that Porffor gives one set of body variables for all rounds: those without a `let` in their head. With one there, closures of
// each round get their own.
//
//   while (c) B                ──►   for (let round = 0; c; ) B
//   do B while (c)             ──►   for (let isFirst = true; isFirst || c; isFirst = false) B
//   for (; c; u) B             ──►   for (let round = 0; c; u) B
//   for (x of xs) B            ──►   for (const item of xs) { x = item; B }
//
// Only loops that contain a function are touched. In them a function that is called by its name, or in place, is hidden behind a comma:
// Porffor would call it directly, and hand it the variables of the function around the loop for those of the round.
//
//   const f = () => x; f()     ──►   const f = (0, () => x); f()

import ts from 'typescript';
import type { Pass } from '../context.ts';
import { assign, containsFunction, isFunctionBoundary, isLoop, standFor, statementsOf } from './nodes.ts';

const { factory } = ts;

/** Gives every loop that contains a function a variable of its own. */
export const lowerLoops: Pass = () => (context) => (source) => {
  const visit = (node: ts.Node, isInLoop: boolean): ts.Node => {
    const inner = isLoop(node) || (isInLoop && !isFunctionBoundary(node));
    const visited = ts.visitEachChild(node, (child) => visit(child, inner), context);
    if (isInLoop && ts.isVariableDeclaration(visited)) return hideInitializer(visited);
    if (isInLoop && ts.isCallExpression(visited)) return hideCallee(visited);
    if (!ts.isIterationStatement(visited, false) || !containsFunction(visited.statement)) return visited;
    if (ts.isWhileStatement(visited)) {
      return standFor(
        factory.createForStatement(roundVariable(), visited.expression, undefined, visited.statement),
        visited,
      );
    }
    if (ts.isDoStatement(visited)) return lowerDo(visited);
    if (ts.isForStatement(visited)) return lowerFor(visited);
    return lowerForEach(visited as ts.ForInOrOfStatement);
  };
  return visit(source, false) as ts.SourceFile;
};

const isFunctionValue = (node: ts.Expression): boolean =>
  ts.isParenthesizedExpression(node)
    ? isFunctionValue(node.expression)
    : ts.isArrowFunction(node) || ts.isFunctionExpression(node);

const hidden = (node: ts.Expression): ts.Expression =>
  standFor(factory.createParenthesizedExpression(factory.createComma(factory.createNumericLiteral(0), node)), node);

const hideInitializer = (node: ts.VariableDeclaration): ts.Node =>
  node.initializer && isFunctionValue(node.initializer)
    ? factory.updateVariableDeclaration(node, node.name, undefined, undefined, hidden(node.initializer))
    : node;

const hideCallee = (node: ts.CallExpression): ts.Node =>
  isFunctionValue(node.expression)
    ? factory.updateCallExpression(node, hidden(node.expression), undefined, node.arguments)
    : node;

const letVariable = (name: ts.Identifier, value: ts.Expression): ts.VariableDeclarationList =>
  factory.createVariableDeclarationList(
    [factory.createVariableDeclaration(name, undefined, undefined, value)],
    ts.NodeFlags.Let,
  );

const roundVariable = (): ts.VariableDeclarationList =>
  letVariable(factory.createUniqueName('round'), factory.createNumericLiteral(0));

const lowerDo = (node: ts.DoStatement): ts.Statement => {
  const isFirst = factory.createUniqueName('isFirst');
  const loop = factory.createForStatement(
    letVariable(isFirst, factory.createTrue()),
    factory.createLogicalOr(isFirst, factory.createParenthesizedExpression(node.expression)),
    factory.createAssignment(isFirst, factory.createFalse()),
    node.statement,
  );
  return standFor(loop, node);
};

const lowerFor = (node: ts.ForStatement): ts.Statement => {
  const head = node.initializer;
  if (head && ts.isVariableDeclarationList(head) && (head.flags & ts.NodeFlags.Let) !== 0) return node;
  const loop = factory.updateForStatement(node, roundVariable(), node.condition, node.incrementor, node.statement);
  if (!head) return loop;
  const first = ts.isVariableDeclarationList(head)
    ? factory.createVariableStatement(undefined, head)
    : factory.createExpressionStatement(head);
  return standFor(factory.createBlock([standFor(first, head), loop], true), node);
};

const lowerForEach = (node: ts.ForInOrOfStatement): ts.Statement => {
  if (ts.isVariableDeclarationList(node.initializer)) return node;
  const item = factory.createUniqueName('item');
  const head = factory.createVariableDeclarationList([factory.createVariableDeclaration(item)], ts.NodeFlags.Const);
  const first = standFor(assign(node.initializer, item), node.initializer);
  const body = standFor(factory.createBlock([first, ...statementsOf(node.statement)], true), node.statement);
  return ts.isForOfStatement(node)
    ? factory.updateForOfStatement(node, node.awaitModifier, head, node.expression, body)
    : factory.updateForInStatement(node, head, node.expression, body);
};
