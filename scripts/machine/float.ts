// f64 expressions. Arithmetic with one f64 operand is double arithmetic throughout, as on Node, integers in it included:
// nothing is checked there, because a double cannot overflow into a wrong number.

import ts from 'typescript';
import { assignment, step } from './assign.ts';
import { call } from './call.ts';
import { condition } from './condition.ts';
import { constantValue, type FunctionContext, sequence, type Value } from './context.ts';
import { integer } from './integer.ts';
import { mathFloat } from './math.ts';
import { placeOf, readPlace } from './place.ts';
import { refuseExpression } from './refusal.ts';
import { isFloat, mathFunction, typeOf } from './type-of.ts';

/** Returns an expression as a double. Reports one that is no number. */
export const float = (context: FunctionContext, node: ts.Expression): Value => {
  const constant = constantValue(context, node);
  if (typeof constant === 'number') return { text: floatLiteral(constant), effects: 0 };
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node))
    return float(context, node.expression);
  if (ts.isConditionalExpression(node)) return choice(context, node);
  if (ts.isBinaryExpression(node) && OPERATORS.has(node.operatorToken.kind)) {
    return floatBinary(context, node.operatorToken.kind, float(context, node.left), float(context, node.right));
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
    const operand = float(context, node.operand);
    return { ...operand, text: `(-${operand.text})` };
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.PlusToken)
    return float(context, node.operand);
  if (ts.isCallExpression(node) && mathFunction(context, node) !== undefined) {
    const value = mathFloat(context, node);
    if (value !== undefined) return value;
  }
  if (isFloat(context, node)) return floatLeaf(context, node);
  if (typeOf(context, node)?.kind !== 'integer') return refuseExpression(context, node);
  const value = integer(context, node);
  return { text: `(double)${value.text}`, effects: value.effects };
};

const OPERATORS = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.SlashToken,
  ts.SyntaxKind.PercentToken,
]);

/** Returns `left operator right` of doubles; operator is one of + - * / %. */
export const floatBinary = (context: FunctionContext, operator: ts.SyntaxKind, left: Value, right: Value): Value =>
  sequence(context, [left, right], ([a, b]) =>
    operator === ts.SyntaxKind.PercentToken
      ? `__builtin_fmod(${a}, ${b})`
      : `(${a} ${ts.tokenToString(operator)} ${b})`,
  );

const floatLeaf = (context: FunctionContext, node: ts.Expression): Value => {
  if (ts.isAsExpression(node)) return float(context, node.expression);
  if (ts.isCallExpression(node)) return call(context, node);
  if (ts.isBinaryExpression(node)) return assignment(context, node);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return step(context, node, true);
  const place = placeOf(context, node);
  return place === undefined ? refuseExpression(context, node) : readPlace(place);
};

const choice = (context: FunctionContext, node: ts.ConditionalExpression): Value => {
  const test = condition(context, node.condition);
  const whenTrue = float(context, node.whenTrue);
  const whenFalse = float(context, node.whenFalse);
  return {
    text: `(${test.text} ? ${whenTrue.text} : ${whenFalse.text})`,
    effects: test.effects | whenTrue.effects | whenFalse.effects,
  };
};

/** Returns the C literal of exactly this double. */
const floatLiteral = (value: number): string => {
  if (Number.isNaN(value)) return '__builtin_nan("")';
  if (!Number.isFinite(value)) return value > 0 ? '__builtin_inf()' : '(-__builtin_inf())';
  const digits = Object.is(value, -0) ? '-0' : String(value);
  const text = /[.e]/.test(digits) ? digits : `${digits}.0`;
  return value < 0 || Object.is(value, -0) ? `(${text})` : text;
};
