// Assignments, compound assignments, ++ and --. The place is found once, then the value is computed, then it is stored.

import ts from 'typescript';
import { RECORD_REPLACED, UNSUPPORTED_EXPRESSION } from '../dialect/machine.ts';
import { integerBinary, integerConstant } from './arithmetic.ts';
import {
  conflict,
  type Effects,
  type FunctionContext,
  type IntegerValue,
  PURE,
  refuse,
  temporary,
  type Value,
  where,
} from './context.ts';
import { fitInteger, valueTo } from './convert.ts';
import { float, floatBinary } from './float.ts';
import { bits, integer } from './integer.ts';
import { INT32 } from './interval.ts';
import { type Place, placeOf, readPlace, storeEffects } from './place.ts';
import { refuseExpression } from './refusal.ts';
import { isFloat } from './type-of.ts';
import { isScalar, type MachineType } from './types.ts';

/** Returns `left = right` or `left op= right` as an expression whose value is what was stored. */
export const assignment = (context: FunctionContext, node: ts.BinaryExpression): Value => {
  const place = placeOf(context, node.left);
  if (place === undefined) return refuseExpression(context, node.left);
  if (!isScalar(place.type) && place.storage === 'memory') return refuse(context, node, RECORD_REPLACED);
  if (node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const value = valueTo(context, node.right, place.type);
    const isPlain = place.storage !== 'memory' || !conflict(place.effects, value.effects);
    return store(isPlain ? { setup: '', place } : hold(context, place), value);
  }
  const operator = OPERATORS.get(node.operatorToken.kind);
  if (operator === undefined || !isScalar(place.type) || place.type.kind === 'bool') {
    return refuse(context, node, UNSUPPORTED_EXPRESSION, `the operator ${node.operatorToken.getText()}`);
  }
  return compound(context, node, place, operator);
};

const OPERATORS = new Map<ts.SyntaxKind, ts.SyntaxKind>([
  [ts.SyntaxKind.PlusEqualsToken, ts.SyntaxKind.PlusToken],
  [ts.SyntaxKind.MinusEqualsToken, ts.SyntaxKind.MinusToken],
  [ts.SyntaxKind.AsteriskEqualsToken, ts.SyntaxKind.AsteriskToken],
  [ts.SyntaxKind.SlashEqualsToken, ts.SyntaxKind.SlashToken],
  [ts.SyntaxKind.PercentEqualsToken, ts.SyntaxKind.PercentToken],
  [ts.SyntaxKind.AmpersandEqualsToken, ts.SyntaxKind.AmpersandToken],
  [ts.SyntaxKind.BarEqualsToken, ts.SyntaxKind.BarToken],
  [ts.SyntaxKind.CaretEqualsToken, ts.SyntaxKind.CaretToken],
  [ts.SyntaxKind.LessThanLessThanEqualsToken, ts.SyntaxKind.LessThanLessThanToken],
  [ts.SyntaxKind.GreaterThanGreaterThanEqualsToken, ts.SyntaxKind.GreaterThanGreaterThanToken],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken, ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken],
]);

/** A place that may be named twice in one expression, after `setup`. */
interface Held {
  readonly setup: string;
  readonly place: Place;
}

/** Keeps a pointer to the place in a temporary. */
const hold = (context: FunctionContext, place: Place): Held => {
  const name = temporary(context);
  return {
    setup: `__auto_type ${name} = &${place.text};`,
    place: { ...place, text: `(*${name})`, repeatable: true },
  };
};

const holdUnlessRepeatable = (context: FunctionContext, place: Place, others: Effects): Held =>
  place.repeatable && !conflict(place.effects, others) ? { setup: '', place } : hold(context, place);

const store = (target: Held, value: Value): Value => {
  const stored = `${target.place.text} = ${value.text}`;
  return {
    text: target.setup === '' ? `(${stored})` : `({ ${target.setup} ${stored}; })`,
    effects: storeEffects(target.place) | value.effects,
  };
};

const compound = (
  context: FunctionContext,
  node: ts.BinaryExpression,
  place: Place,
  operator: ts.SyntaxKind,
): Value => {
  const isBitwise = operator !== ts.SyntaxKind.SlashToken && !ARITHMETIC.has(operator);
  if (isBitwise) {
    const right = bits(context, node.right);
    const target = holdUnlessRepeatable(context, place, right.effects);
    return storeInteger(context, node, target, integerBinary(context, node, operator, bitsOf(target.place), right)!);
  }
  if (place.type.kind === 'float' || isFloat(context, node.right)) {
    const right = float(context, node.right);
    const target = holdUnlessRepeatable(context, place, right.effects);
    const current = readPlace(target.place);
    const value = floatBinary(context, operator, { ...current, text: `(double)${current.text}` }, right);
    return store(target, place.type.kind === 'float' ? value : floatToPlace(context, node, place.type, value));
  }
  const right = integer(context, node.right);
  const target = holdUnlessRepeatable(context, place, right.effects);
  return storeInteger(context, node, target, integerBinary(context, node, operator, integerAt(target.place), right)!);
};

const ARITHMETIC = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.PercentToken,
]);

const floatToPlace = (context: FunctionContext, node: ts.Node, type: MachineType, value: Value): Value => ({
  ...value,
  text: `hed_float_to_${type.kind === 'integer' ? type.name : 'wide'}(${value.text}, ${where(context, node)})`,
});

const integerAt = (place: Place): IntegerValue => ({
  text: `(hed_wide)${place.text}`,
  effects: readPlace(place).effects,
  range: place.type.kind === 'integer' ? place.type.range : INT32,
});

/** The current value of a place as an operand of a bitwise operator. */
const bitsOf = (place: Place): IntegerValue =>
  place.type.kind === 'float' ? { ...integerAt(place), text: `hed_int32(${place.text})` } : integerAt(place);

const storeInteger = (context: FunctionContext, node: ts.Node, target: Held, value: IntegerValue): Value =>
  store(target, target.place.type.kind === 'integer' ? fitInteger(context, node, value, target.place.type) : value);

/** Returns `x++`, `++x`, `x--` or `--x`. Where the value is not used, a postfix step costs no more than the other. */
export const step = (
  context: FunctionContext,
  node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
  isUsed: boolean,
): Value => {
  const place = placeOf(context, node.operand);
  if (place === undefined || (place.type.kind !== 'integer' && place.type.kind !== 'float'))
    return refuseExpression(context, node.operand);
  const operator = node.operator === ts.SyntaxKind.PlusPlusToken ? ts.SyntaxKind.PlusToken : ts.SyntaxKind.MinusToken;
  const target = holdUnlessRepeatable(context, place, PURE);
  if (ts.isPrefixUnaryExpression(node) || !isUsed) return store(target, stepped(context, node, target.place, operator));
  const old = temporary(context);
  const before = { ...target.place, text: old, effects: PURE, storage: 'fixed' as const };
  const next = stepped(context, node, before, operator);
  return {
    text: `({ ${target.setup} __auto_type ${old} = ${target.place.text}; ${target.place.text} = ${next.text}; ${old}; })`,
    effects: storeEffects(place) | readPlace(place).effects,
  };
};

const stepped = (context: FunctionContext, node: ts.Node, place: Place, operator: ts.SyntaxKind): Value => {
  if (place.type.kind !== 'integer')
    return floatBinary(context, operator, readPlace(place), { text: '1.0', effects: PURE });
  const next = integerBinary(context, node, operator, integerAt(place), integerConstant(1))!;
  return fitInteger(context, node, next, place.type);
};
