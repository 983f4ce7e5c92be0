// Operators whose meaning in Porffor depends on types that it guesses.
//
//   s + 1 + x   `${s}${1}${x}`         any chain of + that is a string
//   ~x          x ^ -1                 the former saturates outside int32
//   a[i]++      a[i] += 1              the former turns the index into a name, which a typed array does not know
//   ''[i]       (i, void 0)            the former is ''
//   x == null   (x ?? null) === null   every other == is refused
//   k in x      hasMember(k, x)        where x is any: the former is false where the language throws

import ts from 'typescript';
import { VALUE_RULES } from '../../dialect/values.ts';
import { evaluate } from '../../machine/constant.ts';
import { Kind, onlyKinds, PRIMITIVE } from './kinds.ts';
import { asTemplate, joinAsTemplate } from './templates.ts';
import { bare, callHelper, on, type Rewrites, type Tools } from './walk.ts';

const { factory, SyntaxKind } = ts;

/** Rewrites and refusals of operators. */
export const operatorRewrites: Rewrites = new Map([
  on<ts.BinaryExpression>(SyntaxKind.BinaryExpression, (node, lowered, tools) => {
    switch (node.operatorToken.kind) {
      case SyntaxKind.PlusToken:
        return lowerPlus(node, lowered, tools);
      case SyntaxKind.AsteriskAsteriskToken:
        return lowerPower(node, lowered, tools);
      case SyntaxKind.AsteriskAsteriskEqualsToken:
        return lowerPowerEquals(node, lowered, tools);
      case SyntaxKind.PlusEqualsToken:
        return lowerPlusEquals(node, lowered, tools);
      case SyntaxKind.EqualsEqualsToken:
      case SyntaxKind.ExclamationEqualsToken:
        return lowerLooseEquality(node, lowered, tools);
      case SyntaxKind.InKeyword:
        return lowerIn(node, lowered, tools);
      case SyntaxKind.LessThanToken:
      case SyntaxKind.LessThanEqualsToken:
      case SyntaxKind.GreaterThanToken:
      case SyntaxKind.GreaterThanEqualsToken:
        return checkComparison(node, tools);
      default:
        return undefined;
    }
  }),
  on<ts.PrefixUnaryExpression>(SyntaxKind.PrefixUnaryExpression, (node, lowered, tools) => {
    if (node.operator === SyntaxKind.TildeToken) {
      return factory.createParenthesizedExpression(
        factory.createBinaryExpression(lowered.operand, SyntaxKind.CaretToken, minusOne()),
      );
    }
    return lowerIncrement(node, lowered, tools);
  }),
  on<ts.ElementAccessExpression>(SyntaxKind.ElementAccessExpression, (node, lowered, tools) => {
    const text = bare(lowered.expression);
    if (
      !ts.isStringLiteral(text) ||
      text.text !== '' ||
      !onlyKinds(tools.kindsOf(node.argumentExpression), Kind.number)
    )
      return undefined;
    return factory.createParenthesizedExpression(
      factory.createComma(lowered.argumentExpression, factory.createVoidZero()),
    );
  }),
  on<ts.DeleteExpression>(SyntaxKind.DeleteExpression, (node, _lowered, tools) => {
    if (ts.isOptionalChain(bare(node.expression))) tools.reporter.report(node, VALUE_RULES.optionalDelete);
    return undefined;
  }),
  on<ts.PostfixUnaryExpression>(SyntaxKind.PostfixUnaryExpression, (node, lowered, tools) =>
    lowerIncrement(node, lowered, tools),
  ),
]);

/** Powers of constants are computed here, and others by a helper: Porffor's differ from Node's in the last digit. */
const lowerPower = (node: ts.BinaryExpression, lowered: ts.BinaryExpression, tools: Tools): ts.Node => {
  const [base, exponent] = [node.left, node.right].map((side) => evaluate(side, tools.checker, () => undefined));
  if (typeof base === 'number' && typeof exponent === 'number' && base > 0 && base ** exponent < 2 ** 1000)
    return factory.createNumericLiteral(base ** exponent);
  return callHelper(tools, 'power', lowered.left, lowered.right);
};

const lowerPowerEquals = (
  node: ts.BinaryExpression,
  lowered: ts.BinaryExpression,
  tools: Tools,
): ts.Node | undefined => {
  const target = bare(node.left);
  const isPlain =
    ts.isIdentifier(target) ||
    (ts.isPropertyAccessExpression(target) &&
      (ts.isIdentifier(target.expression) || target.expression.kind === SyntaxKind.ThisKeyword));
  if (isPlain) return factory.createAssignment(lowered.left, callHelper(tools, 'power', lowered.left, lowered.right));
  tools.reporter.report(node, VALUE_RULES.powerOfElement);
  return undefined;
};

const lowerPlus = (node: ts.BinaryExpression, lowered: ts.BinaryExpression, tools: Tools): ts.Node | undefined => {
  const left = tools.kindsOf(node.left);
  const right = tools.kindsOf(node.right);
  if (onlyKinds(left, Kind.number) && onlyKinds(right, Kind.number)) return undefined;
  if (left !== Kind.string && right !== Kind.string) return refusePlus(node, left | right, tools);
  if (!joins(node.left, left, tools) || !joins(node.right, right, tools)) return undefined;
  return joinAsTemplate(lowered.left, lowered.right);
};

const lowerPlusEquals = (
  node: ts.BinaryExpression,
  lowered: ts.BinaryExpression,
  tools: Tools,
): ts.Node | undefined => {
  const left = tools.kindsOf(node.left);
  const right = tools.kindsOf(node.right);
  if (onlyKinds(left, Kind.number) && onlyKinds(right, Kind.number)) return undefined;
  if (left !== Kind.string) return refusePlus(node, left | right, tools);
  if (!joins(node.right, right, tools)) return undefined;
  return factory.createBinaryExpression(lowered.left, SyntaxKind.PlusEqualsToken, asTemplate(lowered.right));
};

/** Whatever else TypeScript lets through either never runs or is refused as a BigInt. */
const refusePlus = (node: ts.BinaryExpression, kinds: number, tools: Tools): undefined => {
  if (kinds & Kind.unknown) tools.reporter.report(node, VALUE_RULES.untypedPlus);
};

/** Tells whether a value may be joined to a string by its toString; refuses it otherwise. */
const joins = (node: ts.Expression, kinds: number, tools: Tools): boolean => {
  if (onlyKinds(kinds, PRIMITIVE) || kinds === 0) return true;
  if (kinds & Kind.unknown) tools.reporter.report(node, VALUE_RULES.untypedPlus);
  else if (kinds & Kind.object && convertsByValueOf(tools.typeOf(node), tools))
    tools.reporter.report(node, VALUE_RULES.valueOf);
  else return true;
  return false;
};

/** Tells whether `+` would call something else than the toString that a template calls. */
const convertsByValueOf = (type: ts.Type, tools: Tools): boolean => {
  const members = type.isUnion() ? type.types : [type];
  return members.some((member) => {
    const declaration = tools.checker.getPropertyOfType(member, 'valueOf')?.declarations?.[0];
    return declaration !== undefined && !declaration.getSourceFile().isDeclarationFile;
  });
};

const lowerLooseEquality = (
  node: ts.BinaryExpression,
  lowered: ts.BinaryExpression,
  tools: Tools,
): ts.Node | undefined => {
  const equal = node.operatorToken.kind === SyntaxKind.EqualsEqualsToken;
  const [value, other] = isNullish(node.right) ? [lowered.left, node.right] : [lowered.right, node.left];
  if (!isNullish(other)) {
    tools.reporter.report(node, VALUE_RULES.looseEquality, `'${equal ? '==' : '!='}'`);
    return undefined;
  }
  const nullOrValue = factory.createParenthesizedExpression(
    factory.createBinaryExpression(parenthesized(value), SyntaxKind.QuestionQuestionToken, factory.createNull()),
  );
  const operator = equal ? SyntaxKind.EqualsEqualsEqualsToken : SyntaxKind.ExclamationEqualsEqualsToken;
  return factory.createBinaryExpression(nullOrValue, operator, factory.createNull());
};

const isNullish = (node: ts.Expression): boolean => {
  const inner = bare(node);
  return inner.kind === SyntaxKind.NullKeyword || (ts.isIdentifier(inner) && inner.text === 'undefined');
};

const parenthesized = (node: ts.Expression): ts.Expression =>
  ts.isIdentifier(node) ? node : factory.createParenthesizedExpression(node);

/** Two numbers or two strings compare; everything else goes through conversions that Porffor leaves out. */
const checkComparison = (node: ts.BinaryExpression, tools: Tools): undefined => {
  const kinds = tools.kindsOf(node.left) | tools.kindsOf(node.right);
  if (kinds === 0 || kinds & Kind.bigint || onlyKinds(kinds, Kind.number) || onlyKinds(kinds, Kind.string)) return;
  tools.reporter.report(
    node,
    VALUE_RULES.mixedComparison,
    `'${node.operatorToken.getText()}' between ${namesOf(node, tools)}`,
  );
};

const namesOf = (node: ts.BinaryExpression, { checker, typeOf }: Tools): string =>
  `${checker.typeToString(typeOf(node.left))} and ${checker.typeToString(typeOf(node.right))}`;

/** Of a value that may be no object, Porffor says that nothing is in it; the language throws. */
const lowerIn = (node: ts.BinaryExpression, lowered: ts.BinaryExpression, tools: Tools): ts.Node | undefined =>
  tools.kindsOf(node.right) & Kind.unknown ? callHelper(tools, 'hasMember', lowered.left, lowered.right) : undefined;

/** `a[i]++` by a number. Arrays are left alone: Porffor gets them right, and they are many. */
const lowerIncrement = (
  node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
  lowered: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
  tools: Tools,
): ts.Node | undefined => {
  if (node.operator !== SyntaxKind.PlusPlusToken && node.operator !== SyntaxKind.MinusMinusToken) return undefined;
  const target = bare(node.operand);
  if (tools.kindsOf(node.operand) & Kind.unknown) {
    tools.reporter.report(node, VALUE_RULES.untypedIncrement);
    return undefined;
  }
  if (!ts.isElementAccessExpression(target) || tools.kindsOf(target.argumentExpression) === Kind.string)
    return undefined;
  const object = tools.typeOf(target.expression);
  if (tools.checker.isArrayType(object) || tools.checker.isTupleType(object)) return undefined;

  const up = node.operator === SyntaxKind.PlusPlusToken;
  const operand = bare(lowered.operand) as ts.ElementAccessExpression;
  if (ts.isPrefixUnaryExpression(node) || isUnused(node)) {
    const operator = up ? SyntaxKind.PlusEqualsToken : SyntaxKind.MinusEqualsToken;
    return factory.createParenthesizedExpression(
      factory.createBinaryExpression(operand, operator, factory.createNumericLiteral(1)),
    );
  }
  return callHelper(
    tools,
    'addToElement',
    operand.expression,
    operand.argumentExpression,
    up ? factory.createNumericLiteral(1) : minusOne(),
  );
};

const isUnused = (node: ts.Node): boolean => {
  const { parent } = ts.getOriginalNode(node);
  return (
    ts.isExpressionStatement(parent) || (ts.isForStatement(parent) && parent.incrementor === ts.getOriginalNode(node))
  );
};

const minusOne = (): ts.Expression =>
  factory.createPrefixUnaryExpression(SyntaxKind.MinusToken, factory.createNumericLiteral(1));
