// Integer expressions: each becomes a C expression of type hed_wide (int64_t) with the interval of its value.

import ts from 'typescript';
import { FOREIGN_CAST, NUMBER_AS_CHOICE } from '../dialect/machine.ts';
import { bitwiseNot, integerBinary, integerConstant, negation, quotient, type Rounding } from './arithmetic.ts';
import { assignment, step } from './assign.ts';
import { call } from './call.ts';
import { condition } from './condition.ts';
import { constantValue, type FunctionContext, type IntegerValue, refuse, where } from './context.ts';
import { fitExpression } from './convert.ts';
import { float } from './float.ts';
import { INT32, union } from './interval.ts';
import { lengthOf, placeOf, readPlace } from './place.ts';
import { refuseExpression } from './refusal.ts';
import { integerDivision, isAssignment, isFloat, typeOf } from './type-of.ts';
import { type IntegerType, WIDE } from './types.ts';

/** Returns an expression that is an integer. Reports one that is not. */
export const integer = (context: FunctionContext, node: ts.Expression): IntegerValue => {
  const constant = constantValue(context, node);
  if (typeof constant === 'number' && Number.isSafeInteger(constant)) return integerConstant(constant);
  const division = integerDivision(context, node);
  if (division !== undefined) return divide(context, division, 'exact');
  const type = typeOf(context, node);
  if (type?.kind === 'float') return integerFromFloat(context, node, WIDE);
  if (type !== undefined && type.kind !== 'integer')
    return refuse(context, node, FOREIGN_CAST, 'a value that is no number');

  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node))
    return integer(context, node.expression);
  if (ts.isAsExpression(node)) return cast(context, node);
  if (ts.isPrefixUnaryExpression(node)) return prefix(context, node);
  if (ts.isPostfixUnaryExpression(node)) return wide(step(context, node, true), type);
  if (ts.isConditionalExpression(node)) return choice(context, node);
  if (ts.isBinaryExpression(node)) return binary(context, node, type);
  if (ts.isCallExpression(node)) return call(context, node);
  return lengthOf(context, node) ?? readInteger(context, node, type);
};

const readInteger = (context: FunctionContext, node: ts.Expression, type: IntegerType | undefined): IntegerValue => {
  const place = placeOf(context, node);
  if (place === undefined || type === undefined) return refuseExpression(context, node);
  return { text: `(hed_wide)${place.text}`, effects: readPlace(place).effects, range: place.range ?? type.range };
};

const wide = (value: { text: string; effects: number }, type: IntegerType | undefined): IntegerValue => ({
  text: `(hed_wide)${value.text}`,
  effects: value.effects,
  range: (type ?? WIDE).range,
});

/** Returns a double as an integer of `type`: a trap unless it is one, exactly. */
export const integerFromFloat = (context: FunctionContext, node: ts.Expression, type: IntegerType): IntegerValue => {
  const value = float(context, node);
  const name = type === WIDE ? 'wide' : type.name;
  return { ...value, text: `hed_float_to_${name}(${value.text}, ${where(context, node)})`, range: type.range };
};

/** Returns the quotient of two integers. */
export const divide = (context: FunctionContext, node: ts.BinaryExpression, rounding: Rounding): IntegerValue =>
  quotient(context, node, rounding, integer(context, node.left), integer(context, node.right));

/** Returns an operand of a bitwise operator, which may be any number: only its integer part modulo 2^32 counts. */
export const bits = (context: FunctionContext, node: ts.Expression): IntegerValue => {
  const division = integerDivision(context, node);
  if (division !== undefined) return divide(context, division, 'bits');
  if (!isFloat(context, node)) return integer(context, node);
  const value = float(context, node);
  return { ...value, text: `hed_int32(${value.text})`, range: INT32 };
};

const cast = (context: FunctionContext, node: ts.AsExpression): IntegerValue => {
  const target = typeOf(context, node);
  const plain = context.program.checker.getTypeFromTypeNode(node.type).flags & ts.TypeFlags.Number;
  if (target?.kind !== 'integer') return refuse(context, node, FOREIGN_CAST);
  if (plain) return integer(context, node.expression);
  const inner = typeOf(context, node.expression);
  if (inner?.kind !== 'integer' && inner?.kind !== 'float') return refuse(context, node, FOREIGN_CAST);
  return { ...fitExpression(context, node.expression, target), range: target.range };
};

const prefix = (context: FunctionContext, node: ts.PrefixUnaryExpression): IntegerValue => {
  switch (node.operator) {
    case ts.SyntaxKind.MinusToken:
      return negation(context, node, integer(context, node.operand));
    case ts.SyntaxKind.PlusToken:
      return integer(context, node.operand);
    case ts.SyntaxKind.TildeToken:
      return bitwiseNot(bits(context, node.operand));
    case ts.SyntaxKind.PlusPlusToken:
    case ts.SyntaxKind.MinusMinusToken: {
      const type = typeOf(context, node.operand);
      return wide(step(context, node, true), type?.kind === 'integer' ? type : undefined);
    }
    default:
      return refuseExpression(context, node);
  }
};

const choice = (context: FunctionContext, node: ts.ConditionalExpression): IntegerValue => {
  const test = condition(context, node.condition);
  const whenTrue = integer(context, node.whenTrue);
  const whenFalse = integer(context, node.whenFalse);
  return {
    text: `(${test.text} ? ${whenTrue.text} : ${whenFalse.text})`,
    effects: test.effects | whenTrue.effects | whenFalse.effects,
    range: union(whenTrue.range, whenFalse.range),
  };
};

const BITWISE = new Set([
  ts.SyntaxKind.AmpersandToken,
  ts.SyntaxKind.BarToken,
  ts.SyntaxKind.CaretToken,
  ts.SyntaxKind.LessThanLessThanToken,
  ts.SyntaxKind.GreaterThanGreaterThanToken,
  ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken,
]);

const binary = (context: FunctionContext, node: ts.BinaryExpression, type: IntegerType | undefined): IntegerValue => {
  const operator = node.operatorToken.kind;
  if (isAssignment(operator)) {
    return wide(assignment(context, node), type);
  }
  if (operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken) {
    return refuse(context, node, NUMBER_AS_CHOICE);
  }
  const left = BITWISE.has(operator) ? bits(context, node.left) : integer(context, node.left);
  const right = BITWISE.has(operator) ? bits(context, node.right) : integer(context, node.right);
  return integerBinary(context, node, operator, left, right) ?? refuseExpression(context, node);
};
