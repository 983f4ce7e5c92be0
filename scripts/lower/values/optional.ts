// Optional chains, where Porffor does more than they ask for.
//
//   x?.[f()]   ──►   ((present) => (present ?? null) === null ? void 0 : present[f()])(x)       f would be called also without x

import ts from 'typescript';
import { VALUE_RULES } from '../../dialect/values.ts';
import { bare, on, type Rewrites } from './walk.ts';

const { factory, SyntaxKind } = ts;

/** Rewrites of `?.[…]` whose key does something. */
export const optionalRewrites: Rewrites = new Map([
  on<ts.ElementAccessExpression>(SyntaxKind.ElementAccessExpression, (node, lowered, tools) => {
    const key = node.argumentExpression;
    if (node.questionDotToken === undefined || isPlain(key)) return undefined;
    if (!chainGoesOn(node) && !suspends(key))
      return ifPresent(lowered.expression, (present) =>
        factory.createElementAccessExpression(present, lowered.argumentExpression),
      );
    tools.reporter.report(node, VALUE_RULES.optionalKey);
    return undefined;
  }),
]);

/** Tells whether `node` is a link of a chain and not its end. */
export const chainGoesOn = (node: ts.Node): boolean => {
  let child = ts.getOriginalNode(node);
  while (ts.isNonNullExpression(child.parent)) child = child.parent;
  const { parent } = child;
  return ts.isOptionalChain(parent) && parent.expression === child;
};

/** Tells whether an expression awaits or yields, and so cannot move into a function. */
export const suspends = (node: ts.Node): boolean =>
  ts.isAwaitExpression(node) ||
  ts.isYieldExpression(node) ||
  (!ts.isFunctionLike(node) && ts.forEachChild(node, (child) => suspends(child) || undefined) === true);

/** Returns an expression that is undefined where `object` is null or undefined, and else what `use` makes of it. */
export const ifPresent = (object: ts.Expression, use: (present: ts.Identifier) => ts.Expression): ts.Expression => {
  const present = factory.createUniqueName('present');
  const valueOrNull = factory.createParenthesizedExpression(
    factory.createBinaryExpression(present, SyntaxKind.QuestionQuestionToken, factory.createNull()),
  );
  const guarded = factory.createConditionalExpression(
    factory.createStrictEquality(valueOrNull, factory.createNull()),
    undefined,
    factory.createVoidZero(),
    undefined,
    use(present),
  );
  const parameter = factory.createParameterDeclaration(undefined, undefined, present);
  const guard = factory.createArrowFunction(undefined, undefined, [parameter], undefined, undefined, guarded);
  return factory.createCallExpression(factory.createParenthesizedExpression(guard), undefined, [object]);
};

/** A literal, a name, or what is computed from such without a call: reading it early changes nothing. */
export const isPlain = (node: ts.Expression): boolean => {
  const inner = bare(node);
  if (ts.isIdentifier(inner) || ts.isLiteralExpression(inner)) return true;
  if (ts.isTemplateExpression(inner)) return inner.templateSpans.every(({ expression }) => isPlain(expression));
  if (ts.isPrefixUnaryExpression(inner))
    return inner.operator === SyntaxKind.MinusToken && ts.isNumericLiteral(inner.operand);
  return (
    ts.isBinaryExpression(inner) &&
    (inner.operatorToken.kind < SyntaxKind.FirstAssignment || inner.operatorToken.kind > SyntaxKind.LastAssignment) &&
    isPlain(inner.left) &&
    isPlain(inner.right)
  );
};
