// #private names. Porffor keeps them as properties called `__#x`, which the listing of properties leaves out (kernel/runtime/own-keys.ts); it gives a base class and
// a derived one the same, and looks for no brand.
//
//   class Shape { #size = 1; }      class Shape { #size$3_shapes = 1; }
//   other.#size                     (#size$3_shapes in other ? other : noPrivate("#size")).#size$3_shapes

import ts from 'typescript';
import type { LowerContext, Pass } from '../context.ts';
import { call, standFor } from './nodes.ts';

const { factory } = ts;

/** Gives each its own name, and looks whether what is not `this` has it. */
export const lowerPrivateNames: Pass = (lower) => (context) => (source) => {
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isPrivateIdentifier(node)) return standFor(ownName(node, lower), node);
    const visited = ts.visitEachChild(node, visit, context);
    return ts.isPropertyAccessExpression(visited) && ts.isPrivateIdentifier(visited.name)
      ? checked(visited, node as ts.PropertyAccessExpression, lower)
      : visited;
  };
  return ts.visitEachChild(source, visit, context);
};

const ownName = (node: ts.PrivateIdentifier, lower: LowerContext): ts.PrivateIdentifier => {
  const declaration = lower.checker.getSymbolAtLocation(node)?.declarations?.[0];
  const owner = declaration?.parent ?? node;
  const name = lower.nameInModule(node.text.slice(1), owner.getSourceFile(), owner.pos);
  return factory.createPrivateIdentifier(`#${name}`);
};

/** `this` is what its class made, and a class has its own static names. */
const checked = (
  node: ts.PropertyAccessExpression,
  written: ts.PropertyAccessExpression,
  lower: LowerContext,
): ts.Expression => {
  const object = node.expression;
  if (object.kind === ts.SyntaxKind.ThisKeyword || isClass(written.expression, lower)) return node;
  const missing = call(lower.runtime('noPrivate'), factory.createStringLiteral(written.name.text));
  const looked = (value: ts.Expression): ts.Expression =>
    factory.createConditionalExpression(
      factory.createBinaryExpression(node.name, ts.SyntaxKind.InKeyword, value),
      undefined,
      value,
      undefined,
      missing,
    );
  const present = factory.createUniqueName('object');
  const isName = ts.isIdentifier(object);
  const guard = factory.createArrowFunction(
    undefined,
    undefined,
    [factory.createParameterDeclaration(undefined, undefined, present)],
    undefined,
    undefined,
    looked(present),
  );
  const found = isName ? looked(object) : call(factory.createParenthesizedExpression(guard), object);
  const access = factory.createPropertyAccessExpression(factory.createParenthesizedExpression(found), node.name);
  return standFor(access, written);
};

const isClass = (node: ts.Expression, { checker }: LowerContext): boolean =>
  ts.isIdentifier(node) && (checker.getSymbolAtLocation(node)?.declarations?.some(ts.isClassLike) ?? false);
