// Sinks: where a value is stored with a type. An integer must fit there: a trap in checked builds, the low bits in release builds.

import type ts from 'typescript';
import { DOES_NOT_FIT, NO_MACHINE_TYPE, OTHER_RECORD } from '../dialect/machine.ts';
import { integerConstant } from './arithmetic.ts';
import { condition } from './condition.ts';
import { constantValue, type FunctionContext, type IntegerValue, refuse, type Value, where } from './context.ts';
import { float } from './float.ts';
import { integer, integerFromFloat } from './integer.ts';
import { contains, disjoint, type Interval } from './interval.ts';
import { placeOf, readPlace, reference } from './place.ts';
import { refuseExpression } from './refusal.ts';
import { integerDivision, typeOf } from './type-of.ts';
import { type IntegerType, isSameKind, type MachineType, typeName, WIDE } from './types.ts';

/** Returns the expression as a value of `type`. Reports one that cannot be. */
export const valueTo = (context: FunctionContext, node: ts.Expression, type: MachineType): Value => {
  switch (type.kind) {
    case 'integer':
      return fitExpression(context, node, type);
    case 'float':
      return float(context, node);
    case 'record':
      return reference(context, node, type);
    case 'bool': {
      const found = typeOf(context, node);
      return found === undefined || found.kind === 'bool'
        ? condition(context, node)
        : refuse(context, node, NO_MACHINE_TYPE, 'a number in place of a boolean');
    }
    case 'array':
    case 'bytes': {
      const place = placeOf(context, node);
      if (place === undefined) return refuseExpression(context, node);
      if (isSameKind(place.type, type)) return readPlace(place);
      return refuse(context, node, OTHER_RECORD, `${typeName(place.type)} in place of ${typeName(type)}`);
    }
    default:
      return refuseExpression(context, node);
  }
};

/** Returns the expression as an integer of `type`. */
export const fitExpression = (context: FunctionContext, node: ts.Expression, type: IntegerType): IntegerValue => {
  const constant = constantValue(context, node);
  if (typeof constant === 'number') return fitConstant(context, node, constant, type);
  const type_ = typeOf(context, node);
  if (type_?.kind === 'float' && integerDivision(context, node) === undefined)
    return integerFromFloat(context, node, type);
  return fitInteger(context, node, integer(context, node), type);
};

const fitConstant = (context: FunctionContext, node: ts.Expression, value: number, type: IntegerType): IntegerValue => {
  if (!Number.isSafeInteger(value))
    return refuse(context, node, DOES_NOT_FIT, `${value} in place of ${typeName(type)}`);
  return fitInteger(context, node, integerConstant(value), type);
};

/** Returns an integer value as one of `type`. `node` is the place that a trap names. */
export const fitInteger = (
  context: FunctionContext,
  node: ts.Node,
  value: IntegerValue,
  type: IntegerType,
): IntegerValue => {
  if (contains(type.range, value.range) || type === WIDE) return value;
  if (disjoint(type.range, value.range))
    return refuse(context, node, DOES_NOT_FIT, `${valueText(value.range)} in place of ${type.name}`);
  if (context.program.checked)
    return { ...value, text: `hed_to_${type.name}(${value.text}, ${where(context, node)})`, range: type.range };
  const wrapped = type.name === 'u53' ? `(${value.text} & HED_U53_MASK)` : `(${type.c})${value.text}`;
  return { ...value, text: wrapped, range: type.range };
};

const valueText = ({ low, high }: Interval): string => (low === high ? `${low}` : `a value from ${low} to ${high}`);
