// Small builders shared by the control-flow passes.

import ts from 'typescript';

const { factory } = ts;

/** Returns `node`, marked as standing for `original`, so that diagnostics and line tables find its source line. */
export const standFor = <T extends ts.Node>(node: T, original: ts.Node): T =>
  ts.setTextRange(ts.setOriginalNode(node, original), original);

/** Returns `let name = value;` or `const name = value;`. */
export const declare = (
  name: ts.BindingName,
  value: ts.Expression | undefined,
  flags: ts.NodeFlags = ts.NodeFlags.Const,
): ts.VariableStatement =>
  factory.createVariableStatement(
    undefined,
    factory.createVariableDeclarationList(
      [factory.createVariableDeclaration(name, undefined, undefined, value)],
      flags,
    ),
  );

/** Returns `name = value;`. */
export const assign = (name: ts.Expression, value: ts.Expression): ts.ExpressionStatement =>
  factory.createExpressionStatement(factory.createAssignment(name, value));

/** Returns `callee(...values)`. */
export const call = (callee: ts.Expression, ...values: ts.Expression[]): ts.CallExpression =>
  factory.createCallExpression(callee, undefined, values);

/** Returns `object.name(...values)`. */
export const callMethod = (object: ts.Expression, name: string, ...values: ts.Expression[]): ts.CallExpression =>
  call(factory.createPropertyAccessExpression(object, name), ...values);

/** Returns `left === right`. */
export const equals = (left: ts.Expression, right: ts.Expression): ts.Expression =>
  factory.createStrictEquality(left, right);

/** Returns the statements of a block, or the one statement itself. */
export const statementsOf = (node: ts.Statement): readonly ts.Statement[] =>
  ts.isBlock(node) ? node.statements : [node];

/** Tells whether `node` starts a function body or a class member of its own: what `return` and `await` cannot see through. */
export const isFunctionBoundary = (node: ts.Node): boolean =>
  ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node) || ts.isPropertyDeclaration(node);

/** Tells whether `node` is one of the five loop statements. */
export const isLoop = (node: ts.Node): node is ts.IterationStatement => ts.isIterationStatement(node, false);

/** Tells whether a function, or a class, is written anywhere inside `node`. */
export const containsFunction = (node: ts.Node): boolean =>
  ts.isFunctionLike(node) ||
  ts.isClassLike(node) ||
  ts.forEachChild(node, (child) => containsFunction(child) || undefined) === true;

/** Tells whether `node` waits, outside the functions that are written in it. */
export const holdsAwait = (node: ts.Node): boolean =>
  ts.isAwaitExpression(node) ||
  (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
  (!isFunctionBoundary(node) && ts.forEachChild(node, (child) => holdsAwait(child) || undefined) === true);
