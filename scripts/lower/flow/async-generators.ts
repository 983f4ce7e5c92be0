// Async generators become generators that an AsyncGeneratorObject drives (kernel/runtime/async-generator.ts). Porffor's own confuse
// await with yield.
//
//   await x    ──►  yield new AwaitMark(x)
//   yield x    ──►  yield (yield new AwaitMark(x))
//   return x   ──►  return yield new AwaitMark(x)

import ts from 'typescript';
import type { LowerContext, Pass } from '../context.ts';
import { declare, isFunctionBoundary, standFor } from './nodes.ts';

const { factory } = ts;

type AsyncGenerator = ts.FunctionDeclaration | ts.FunctionExpression | ts.MethodDeclaration;

/** Lowers async generators. */
export const lowerAsyncGenerators: Pass = (lower) => (context) => (source) => {
  const visit = (node: ts.Node): ts.Node => {
    const visited = ts.visitEachChild(node, visit, context);
    return isAsyncGenerator(visited) && visited.body ? lowerFunction(visited, lower, context) : visited;
  };
  return visit(source) as ts.SourceFile;
};

const isAsyncGenerator = (node: ts.Node): node is AsyncGenerator =>
  (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isMethodDeclaration(node)) &&
  node.asteriskToken !== undefined &&
  (node.modifiers ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword);

const lowerFunction = (node: AsyncGenerator, lower: LowerContext, context: ts.TransformationContext): ts.Node => {
  const self = factory.createUniqueName('self');
  const steps = factory.createFunctionExpression(
    undefined,
    factory.createToken(ts.SyntaxKind.AsteriskToken),
    undefined,
    undefined,
    [],
    undefined,
    lowerBody(node.body!, self, lower, context),
  );
  const started = factory.createCallExpression(factory.createParenthesizedExpression(steps), undefined, []);
  const made = factory.createNewExpression(lower.runtime('AsyncGeneratorObject'), undefined, [started]);
  const statements = [declare(self, factory.createThis()), factory.createReturnStatement(made)];
  const body = factory.createBlock(
    statements.map((statement) => standFor(statement, node)),
    true,
  );
  const modifiers = node.modifiers?.filter((modifier) => modifier.kind !== ts.SyntaxKind.AsyncKeyword);
  if (ts.isMethodDeclaration(node)) {
    return factory.updateMethodDeclaration(
      node,
      modifiers,
      undefined,
      node.name,
      undefined,
      undefined,
      node.parameters,
      undefined,
      body,
    );
  }
  if (ts.isFunctionExpression(node)) {
    const plain = modifiers?.filter(ts.isModifier);
    return factory.updateFunctionExpression(
      node,
      plain,
      undefined,
      node.name,
      undefined,
      node.parameters,
      undefined,
      body,
    );
  }
  return factory.updateFunctionDeclaration(
    node,
    modifiers,
    undefined,
    node.name,
    undefined,
    node.parameters,
    undefined,
    body,
  );
};

const lowerBody = (
  body: ts.Block,
  self: ts.Identifier,
  lower: LowerContext,
  context: ts.TransformationContext,
): ts.Block => {
  const awaited = (value: ts.Expression): ts.Expression =>
    factory.createYieldExpression(
      undefined,
      factory.createNewExpression(lower.runtime('AwaitMark'), undefined, [value]),
    );
  const visit = (node: ts.Node): ts.Node => {
    if (node.kind === ts.SyntaxKind.ThisKeyword) return self;
    if (ts.isArrowFunction(node)) return visitArrow(node);
    if (isFunctionBoundary(node)) return node;
    const visited = ts.visitEachChild(node, visit, context);
    if (ts.isAwaitExpression(visited)) return factory.createParenthesizedExpression(awaited(visited.expression));
    if (ts.isYieldExpression(visited)) {
      const value = awaited(visited.expression ?? factory.createVoidZero());
      return factory.createParenthesizedExpression(factory.createYieldExpression(undefined, value));
    }
    if (!ts.isReturnStatement(visited) || !visited.expression) return visited;
    return factory.updateReturnStatement(visited, awaited(visited.expression));
  };
  /** An arrow function shares the generator's `this`, and nothing else. */
  const visitArrow = (node: ts.Node): ts.Node => {
    if (node.kind === ts.SyntaxKind.ThisKeyword) return self;
    if (isFunctionBoundary(node) && !ts.isArrowFunction(node)) return node;
    return ts.visitEachChild(node, visitArrow, context);
  };
  return ts.visitEachChild(body, visit, context);
};
