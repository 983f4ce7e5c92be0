// Conditions: booleans, comparisons, and numbers that are tested for zero.

import ts from 'typescript';
import { OTHER_RECORD } from '../dialect/machine.ts';
import { assignment } from './assign.ts';
import { call } from './call.ts';
import { constantValue, type FunctionContext, refuse, sequence, type Value } from './context.ts';
import { float } from './float.ts';
import { integer } from './integer.ts';
import { placeOf, readPlace, reference } from './place.ts';
import { refuseExpression } from './refusal.ts';
import { typeOf } from './type-of.ts';

/** Returns an expression as a C truth value, 0 or 1: a boolean as it is, a number as `!== 0` (and not NaN). */
export const condition = (context: FunctionContext, node: ts.Expression): Value => {
  const constant = constantValue(context, node);
  if (constant !== undefined) return { text: constant ? 'true' : 'false', effects: 0 };
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node))
    return condition(context, node.expression);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const operand = condition(context, node.operand);
    return { ...operand, text: `!${operand.text}` };
  }
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.kind;
    if (operator === ts.SyntaxKind.AmpersandAmpersandToken) return connected(context, node, '&&');
    if (operator === ts.SyntaxKind.BarBarToken) return connected(context, node, '||');
    const comparison = COMPARISONS.get(operator);
    if (comparison !== undefined) return compare(context, node, comparison);
  }
  const type = typeOf(context, node);
  if (type?.kind === 'integer') {
    const value = integer(context, node);
    return { ...value, text: `(${value.text} != 0)` };
  }
  if (type?.kind === 'float') {
    const value = float(context, node);
    return { ...value, text: `hed_truth(${value.text})` };
  }
  return type?.kind === 'bool' ? bool(context, node) : refuseExpression(context, node);
};

const COMPARISONS = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '!='],
  [ts.SyntaxKind.LessThanToken, '<'],
  [ts.SyntaxKind.LessThanEqualsToken, '<='],
  [ts.SyntaxKind.GreaterThanToken, '>'],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>='],
]);

/** Returns whether an operator compares. */
export const isComparison = (operator: ts.SyntaxKind): boolean => COMPARISONS.has(operator);

const connected = (context: FunctionContext, node: ts.BinaryExpression, operator: '&&' | '||'): Value => {
  const left = condition(context, node.left);
  const right = condition(context, node.right);
  return { text: `(${left.text} ${operator} ${right.text})`, effects: left.effects | right.effects };
};

const compare = (context: FunctionContext, node: ts.BinaryExpression, operator: string): Value => {
  const [left, right] = operands(context, node, operator);
  return sequence(context, [left, right], ([a, b]) => `(${a} ${operator} ${b})`);
};

/** Both sides as doubles when one of them is, else both as integers; booleans and records are compared for identity. */
const operands = (context: FunctionContext, node: ts.BinaryExpression, operator: string): readonly [Value, Value] => {
  const left = typeOf(context, node.left);
  const right = typeOf(context, node.right);
  if (left?.kind === 'float' || right?.kind === 'float') return [float(context, node.left), float(context, node.right)];
  const identity = operator === '==' || operator === '!=';
  if (left?.kind === 'bool' && right?.kind === 'bool' && identity)
    return [condition(context, node.left), condition(context, node.right)];
  if (left?.kind === 'record' && right?.kind === 'record' && identity) {
    if (left !== right) return [refuse(context, node, OTHER_RECORD), refuse(context, node, OTHER_RECORD)];
    return [reference(context, node.left), reference(context, node.right)];
  }
  if (left !== undefined && right !== undefined && (left.kind !== 'integer' || right.kind !== 'integer')) {
    return [refuseExpression(context, node), refuseExpression(context, node)];
  }
  return [integer(context, node.left), integer(context, node.right)];
};

const bool = (context: FunctionContext, node: ts.Expression): Value => {
  if (ts.isAsExpression(node)) return condition(context, node.expression);
  if (ts.isCallExpression(node)) return call(context, node);
  if (ts.isBinaryExpression(node)) return assignment(context, node);
  if (ts.isConditionalExpression(node)) {
    const parts = [node.condition, node.whenTrue, node.whenFalse].map((part) => condition(context, part));
    return {
      text: `(${parts[0]!.text} ? ${parts[1]!.text} : ${parts[2]!.text})`,
      effects: parts.reduce((all, part) => all | part.effects, 0),
    };
  }
  const place = placeOf(context, node);
  return place === undefined ? refuseExpression(context, node) : readPlace(place);
};
