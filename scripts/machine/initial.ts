// What fields and module variables hold before any code runs: constants, repeated or nested.

import ts from 'typescript';
import { DOES_NOT_FIT } from '../dialect/machine.ts';
import { includes } from './interval.ts';
import { definitionOf, isBaseFunction, type MachineProgram, moduleConstant } from './module.ts';
import { type InitialValue, type MachineType, typeName } from './types.ts';

/** Returns the initial value that `node` gives to something of `type`, or undefined when it is none. Reports one that does not fit. */
export const initialValue = (
  program: MachineProgram,
  node: ts.Expression | undefined,
  type: MachineType,
): InitialValue | undefined => {
  if (node === undefined) return undefined;
  if (type.kind === 'record') {
    const isNew = ts.isNewExpression(node) && (node.arguments ?? []).length === 0;
    return isNew && definitionOf(program, node.expression) === type ? { kind: 'record', type } : undefined;
  }
  if (type.kind === 'array') return repeatedValue(program, node, type.length, type.element);
  const value = moduleConstant(program, node);
  if (value === undefined || (type.kind === 'bool') !== (typeof value === 'boolean')) return undefined;
  if (!constantFits(value, type)) program.reporter.report(node, DOES_NOT_FIT, `${value} in place of ${typeName(type)}`);
  return { kind: 'constant', value };
};

/** Returns true when a constant may be stored with `type`. */
export const constantFits = (value: number | boolean, type: MachineType | undefined): boolean => {
  if (type === undefined || type.kind !== 'integer' || typeof value === 'boolean') return true;
  return Number.isSafeInteger(value) && includes(type.range, BigInt(value));
};

/** `fixedArray(length, 0)` or `fixedArray(length, Record)`. */
const repeatedValue = (
  program: MachineProgram,
  node: ts.Expression,
  length: number,
  element: MachineType,
): InitialValue | undefined => {
  if (!ts.isCallExpression(node) || !isBaseFunction(program, node.expression, 'machine', 'fixedArray'))
    return undefined;
  const [count, initial] = node.arguments;
  if (count === undefined || initial === undefined || moduleConstant(program, count) !== length) return undefined;
  if (element.kind === 'record') {
    return definitionOf(program, initial) === element
      ? { kind: 'repeat', count: length, element: { kind: 'record', type: element } }
      : undefined;
  }
  // A nested fixedArray would be one and the same array in every place on Node, so arrays of arrays go through a record.
  const value = element.kind === 'array' ? undefined : initialValue(program, initial, element);
  return value === undefined ? undefined : { kind: 'repeat', count: length, element: value };
};

/** Returns true when the value is all zero bytes. */
export const isZero = (initial: InitialValue): boolean => {
  switch (initial.kind) {
    case 'constant':
      return initial.value === false || Object.is(initial.value, 0);
    case 'repeat':
      return isZero(initial.element);
    case 'record':
      return [...initial.type.fields.values()].every((field) => isZero(field.initial));
  }
};
