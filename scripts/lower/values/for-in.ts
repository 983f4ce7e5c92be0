// for…in, as a loop over a list of names.
//
//   for (const k in X) B   ──►   for (const k of enumerableKeys(X)) B
//
//                                {                                                    where B may delete what has not come yet
//                                  const object = X;
//                                  for (const key of enumerableKeys(object)) {
//                                    if (!isStillIn(key, object)) continue;
//                                    const k = key;
//                                    B
//                                  }
//                                }

import ts from 'typescript';
import { callHelper, on, type Rewrites, standFor, type Tools } from './walk.ts';

const { factory, SyntaxKind } = ts;

/** Rewrites of the loop, and of a label in front of it. */
export const forInRewrites: Rewrites = new Map([
  on<ts.ForInStatement>(SyntaxKind.ForInStatement, (node, lowered, tools) => {
    if (mayDelete(node.statement)) return checkedLoop(node, lowered, tools);
    const keys = callHelper(tools, 'enumerableKeys', lowered.expression);
    return factory.createForOfStatement(undefined, lowered.initializer, keys, lowered.statement);
  }),
  on<ts.LabeledStatement>(SyntaxKind.LabeledStatement, (node, lowered) => {
    if (!ts.isForInStatement(node.statement) || !ts.isBlock(lowered.statement)) return undefined;
    const [object, loop] = lowered.statement.statements;
    return factory.createBlock(
      [object!, standFor(factory.createLabeledStatement(lowered.label, loop!), node.statement)],
      true,
    );
  }),
]);

/** Anything that is called may delete. */
const mayDelete = (node: ts.Node): boolean =>
  ts.isDeleteExpression(node) ||
  ts.isCallExpression(node) ||
  ts.isAwaitExpression(node) ||
  ts.isYieldExpression(node) ||
  ts.forEachChild(node, (child) => mayDelete(child) || undefined) === true;

const checkedLoop = (node: ts.ForInStatement, lowered: ts.ForInStatement, tools: Tools): ts.Node => {
  const object = factory.createUniqueName('object');
  const key = factory.createUniqueName('key');
  const skip = factory.createIfStatement(
    factory.createLogicalNot(callHelper(tools, 'isStillIn', key, object)),
    factory.createContinueStatement(),
  );
  const loop = factory.createForOfStatement(
    undefined,
    factory.createVariableDeclarationList([factory.createVariableDeclaration(key)], ts.NodeFlags.Const),
    callHelper(tools, 'enumerableKeys', object),
    factory.createBlock([skip, given(lowered.initializer, key), lowered.statement], true),
  );
  const kept = factory.createVariableDeclarationList(
    [factory.createVariableDeclaration(object, undefined, undefined, lowered.expression)],
    ts.NodeFlags.Const,
  );
  return factory.createBlock([factory.createVariableStatement(undefined, kept), standFor(loop, node)], true);
};

/** Returns the statement that gives the key to the variable, or the target, of the loop. */
const given = (initializer: ts.ForInitializer, key: ts.Identifier): ts.Statement => {
  if (!ts.isVariableDeclarationList(initializer))
    return factory.createExpressionStatement(factory.createAssignment(initializer, key));
  const declaration = factory.createVariableDeclaration(initializer.declarations[0]!.name, undefined, undefined, key);
  return factory.createVariableStatement(
    undefined,
    factory.createVariableDeclarationList([declaration], initializer.flags),
  );
};
