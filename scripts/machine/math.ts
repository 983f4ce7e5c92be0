// The functions of Math that are arithmetic: the same on Node to the last bit.

import type ts from 'typescript';
import { UNKNOWN_NAME } from '../dialect/machine.ts';
import { type FunctionContext, type IntegerValue, refuse, sequence, type Value } from './context.ts';
import { float } from './float.ts';
import { bits, divide, integer } from './integer.ts';
import { abs, INT32, interval, maximum, minimum } from './interval.ts';
import { integerDivision, mathFunction } from './type-of.ts';

const ROUNDINGS: Readonly<Record<string, 'floor' | 'ceil' | 'trunc'>> = {
  floor: 'floor',
  ceil: 'ceil',
  trunc: 'trunc',
};

/** Returns a call of Math whose result is an integer. */
export const mathInteger = (context: FunctionContext, node: ts.CallExpression): IntegerValue => {
  const name = mathFunction(context, node)!;
  const first = node.arguments[0];
  if (first === undefined || !hasArguments(name, node.arguments.length))
    return refuse(context, node, UNKNOWN_NAME, `Math.${name} with these arguments`);
  switch (name) {
    case 'floor':
    case 'ceil':
    case 'trunc': {
      const division = integerDivision(context, first);
      return division === undefined ? integer(context, first) : divide(context, division, ROUNDINGS[name]!);
    }
    case 'round':
      return integerDivision(context, first) === undefined ? integer(context, first) : roundedDivision(context, node);
    case 'abs': {
      const value = integer(context, first);
      return { ...value, text: `hed_abs(${value.text})`, range: abs(value.range) };
    }
    case 'min':
    case 'max':
      return extreme(context, name, node.arguments);
    case 'imul': {
      const value = sequence(
        context,
        [bits(context, first), bits(context, node.arguments[1]!)],
        ([a, b]) => `hed_imul(${a}, ${b})`,
      );
      return { ...value, range: INT32 };
    }
    case 'clz32': {
      const value = bits(context, first);
      return { ...value, text: `hed_clz32(${value.text})`, range: interval(0, 32) };
    }
    default:
      return refuse(context, node, UNKNOWN_NAME, `Math.${name}`);
  }
};

const hasArguments = (name: string, count: number): boolean => {
  if (name === 'min' || name === 'max') return count >= 1;
  return count === (name === 'imul' ? 2 : 1);
};

const roundedDivision = (context: FunctionContext, node: ts.CallExpression): IntegerValue => {
  const value = float(context, node);
  return {
    ...value,
    text: `hed_float_to_wide(${value.text}, "")`,
    range: interval(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  };
};

const extreme = (context: FunctionContext, name: 'min' | 'max', operands: readonly ts.Expression[]): IntegerValue => {
  const values = operands.map((operand) => integer(context, operand));
  const pick = name === 'min' ? minimum : maximum;
  const range = values.map((value) => value.range).reduce(pick);
  const value = sequence(context, values, (texts) => texts.reduce((all, text) => `hed_${name}(${all}, ${text})`));
  return { ...value, range };
};

/** Returns a call of Math as a double, or undefined for one that is an integer by nature. */
export const mathFloat = (context: FunctionContext, node: ts.CallExpression): Value | undefined => {
  const name = mathFunction(context, node)!;
  if (name === 'imul' || name === 'clz32' || !hasArguments(name, node.arguments.length)) return undefined;
  const helper = FLOAT_FUNCTIONS[name];
  if (helper === undefined) return refuse(context, node, UNKNOWN_NAME, `Math.${name}`);
  const values = node.arguments.map((operand) => float(context, operand));
  if (name !== 'min' && name !== 'max') return { ...values[0]!, text: `${helper}(${values[0]!.text})` };
  return sequence(context, values, (texts) => texts.reduce((all, text) => `${helper}(${all}, ${text})`));
};

const FLOAT_FUNCTIONS: Readonly<Record<string, string>> = {
  floor: '__builtin_floor',
  ceil: '__builtin_ceil',
  trunc: '__builtin_trunc',
  sqrt: '__builtin_sqrt',
  abs: '__builtin_fabs',
  round: 'hed_round',
  min: 'hed_float_min',
  max: 'hed_float_max',
};
