// Loops that Porffor gives one set of body variables for all rounds: those without a `let` in their head. With one there, closures of
// each round get their own.
//
//   while (c) B                ──►   for (let round = 0; c; ) B
//   do B while (c)             ──►   for (let isFirst = true; isFirst || c; isFirst = false) B
//   for (; c; u) B             ──►   for (let round = 0; c; u) B
//   for (x of xs) B            ──►   for (const item of xs) { x = item; B }
//
// Only loops that contain a function are touched.

import ts from 'typescript';
import type { Pass } from '../context.ts';
import { assign, containsFunction, standFor, statementsOf } from './nodes.ts';

const { factory } = ts;

/** Gives every loop that contains a function a variable of its own. */
export const lowerLoops: Pass = () => (context) => (source) => {
  const visit = (node: ts.Node): ts.Node => {
    const visited = ts.visitEachChild(node, visit, context);
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
  return visit(source) as ts.SourceFile;
};

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
