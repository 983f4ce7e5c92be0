// Calls: functions and methods of machine modules, functions of the machine layer, Math, assert.

import ts from 'typescript';
import { LITERAL_TEXT, PARAMETER_SHAPE } from '../dialect/machine.ts';
import { condition, isComparison } from './condition.ts';
import {
  type FunctionContext,
  type IntegerValue,
  PURE,
  READS_MEMORY,
  refuse,
  sequence,
  type Value,
  WRITES_MEMORY,
  where,
} from './context.ts';
import { valueTo } from './convert.ts';
import { integer } from './integer.ts';
import { INLINE_FUNCTIONS } from './intrinsics.ts';
import { mathInteger } from './math.ts';
import { definitionOf, isBaseFunction, type MachineFunction, type Parameter } from './module.ts';
import { cString } from './names.ts';
import { reference } from './place.ts';
import { refuseExpression } from './refusal.ts';
import { mathFunction, typeOf } from './type-of.ts';
import { WIDE } from './types.ts';

const CALL_EFFECTS = READS_MEMORY | WRITES_MEMORY;

/** Returns a call. For a function with an integer result the value is a hed_wide; `range` means nothing for other results. */
export const call = (context: FunctionContext, node: ts.CallExpression): IntegerValue => {
  if (mathFunction(context, node) !== undefined) return mathInteger(context, node);
  if (isBaseFunction(context.program, node.expression, 'assert', 'assert')) return assertion(context, node);
  const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
  const found = definitionOf(context.program, name);
  if (found?.kind !== 'function' || node.questionDotToken !== undefined) return refuseExpression(context, node);

  const receiver = receiverOf(context, node, found);
  const operands = found.parameters.map((parameter, index) => operand(context, node, parameter, node.arguments[index]));
  if (node.arguments.length !== found.parameters.length)
    return refuse(context, node, PARAMETER_SHAPE, 'a call with other arguments than parameters');
  const value = sequence(context, [...receiver, ...operands], (texts) => callText(found, texts, receiver.length));
  const effects = value.effects | CALL_EFFECTS;
  return found.result.kind === 'integer'
    ? { text: `(hed_wide)${value.text}`, effects, range: found.result.range }
    : { text: value.text, effects, range: WIDE.range };
};

const receiverOf = (context: FunctionContext, node: ts.CallExpression, definition: MachineFunction): Value[] => {
  if (definition.receiver === undefined || !ts.isPropertyAccessExpression(node.expression)) return [];
  return [reference(context, node.expression.expression, definition.receiver)];
};

const operand = (
  context: FunctionContext,
  call: ts.CallExpression,
  parameter: Parameter,
  node: ts.Expression | undefined,
): Value => {
  if (node === undefined) return refuse(context, call, PARAMETER_SHAPE, 'a call with other arguments than parameters');
  if (parameter.type.kind !== 'string') return valueTo(context, node, parameter.type);
  if (!ts.isStringLiteralLike(node)) return refuse(context, node, LITERAL_TEXT);
  return { text: `(const uint8_t *)${cString(node.text)}, ${Buffer.byteLength(node.text)}`, effects: PURE };
};

const callText = (definition: MachineFunction, texts: readonly string[], receivers: number): string => {
  // The machine layer takes bytes as two arguments, pointer and length; an expression of bytes is always a name.
  const isDeclared = definition.body === undefined;
  const spread = texts.map((text, index) =>
    isDeclared && definition.parameters[index - receivers]?.type.kind === 'bytes'
      ? `${text}.data, ${text}.length`
      : text,
  );
  const inline = isDeclared ? INLINE_FUNCTIONS.get(definition.name) : undefined;
  return `${inline?.cName ?? definition.cName}(${spread.join(', ')})`;
};

const assertion = (context: FunctionContext, node: ts.CallExpression): IntegerValue => {
  const [test, text] = node.arguments;
  if (test === undefined || text === undefined || !ts.isStringLiteralLike(text))
    return refuse(context, text ?? node, LITERAL_TEXT);
  const value = condition(context, test);
  const told = `${cString(text.text)}, ${where(context, node)}`;
  const compared = comparedNumbers(context, test);
  const stop =
    compared === undefined
      ? `hed_assertionFailed(${told})`
      : `hed_comparisonFailed(${told}, ${cString(shortened(test.getText()))}, ${compared})`;
  return {
    text: `(HED_RARELY(!(${value.text})) ? ${stop} : (void)0)`,
    effects: value.effects | CALL_EFFECTS,
    range: WIDE.range,
  };
};

/** What a failed assertion quotes of its condition. */
const QUOTE_LENGTH_MAX = 60;

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > QUOTE_LENGTH_MAX ? `${line.slice(0, QUOTE_LENGTH_MAX)}…` : line;
};

/** Returns the two sides of a comparison of integers as arguments, where they may be computed once more; undefined for another condition. */
const comparedNumbers = (context: FunctionContext, test: ts.Expression): string | undefined => {
  if (!ts.isBinaryExpression(test) || !isComparison(test.operatorToken.kind)) return undefined;
  const sides = [test.left, test.right];
  if (sides.some((side) => typeOf(context, side)?.kind !== 'integer')) return undefined;
  const values = sides.map((side) => integer(context, side));
  if (values.some(({ effects }) => (effects & WRITES_MEMORY) !== 0)) return undefined;
  return [values[0]?.text, cString(test.operatorToken.getText()), values[1]?.text].join(', ');
};
