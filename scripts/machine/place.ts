// Places: what can be read, stored to or referred to. Locals, module variables, fields and elements.

import ts from 'typescript';
import { DOES_NOT_FIT, OTHER_RECORD } from '../dialect/machine.ts';
import { integerConstant } from './arithmetic.ts';
import { call } from './call.ts';
import { condition } from './condition.ts';
import {
  conflict,
  type Effects,
  type FunctionContext,
  type IntegerValue,
  localOf,
  PURE,
  READS_LOCAL,
  READS_MEMORY,
  refuse,
  sequence,
  type Value,
  WRITES_LOCAL,
  WRITES_MEMORY,
  where,
} from './context.ts';
import { integer, integerFromFloat } from './integer.ts';
import { contains, disjoint, type Interval, interval, UINT32 } from './interval.ts';
import { definitionOf } from './module.ts';
import { localName } from './names.ts';
import { refuseExpression } from './refusal.ts';
import { bare, isFloat, typeOf } from './type-of.ts';
import { integerNamed, type MachineType } from './types.ts';

/** Something that can be stored into. */
export interface Place {
  readonly type: MachineType;
  /** A C lvalue, or the pointer when `isPointer`. */
  readonly text: string;
  /** True for a record that is reached by a pointer in hand. */
  readonly isPointer: boolean;
  /** Effects of finding the place, not of reading it. */
  readonly effects: Effects;
  /** `fixed` is a local that is set once. */
  readonly storage: 'fixed' | 'local' | 'memory';
  /** True when `text` may stand twice in one expression. */
  readonly repeatable: boolean;
  readonly range?: Interval | undefined;
}

/** Returns the place that `node` names, or undefined when it names none. */
export const placeOf = (context: FunctionContext, node: ts.Expression): Place | undefined => {
  const inner = bare(node);
  if (ts.isNonNullExpression(inner) || ts.isSatisfiesExpression(inner)) return placeOf(context, inner.expression);
  if (ts.isIdentifier(inner)) return namedPlace(context, inner);
  if (ts.isPropertyAccessExpression(inner)) return fieldPlace(context, inner);
  if (ts.isElementAccessExpression(inner)) return elementPlace(context, inner);
  const type = typeOf(context, inner);
  if (type?.kind !== 'record') return undefined;
  if (inner.kind === ts.SyntaxKind.ThisKeyword) return pointerPlace(type, { text: 'this', effects: PURE }, 'fixed');
  if (ts.isCallExpression(inner)) return pointerPlace(type, call(context, inner), 'memory');
  if (ts.isConditionalExpression(inner)) return pointerPlace(type, chosenReference(context, inner), 'memory');
  return undefined;
};

/** Returns the value at a place. */
export const readPlace = (place: Place): Value => ({ text: place.text, effects: place.effects | readEffect(place) });

const readEffect = (place: Place): Effects =>
  ({ fixed: PURE, local: READS_LOCAL, memory: READS_MEMORY })[place.storage];

/** Returns the effects of storing to a place. */
export const storeEffects = (place: Place): Effects =>
  place.effects | (place.storage === 'memory' ? WRITES_MEMORY : WRITES_LOCAL);

/** Returns a pointer to the record that `node` names; `expected` is the class it must have. */
export const reference = (context: FunctionContext, node: ts.Expression, expected?: MachineType): Value => {
  const place = placeOf(context, node);
  if (place?.type.kind !== 'record') return refuseExpression(context, node);
  if (expected !== undefined && place.type !== expected)
    return refuse(context, node, OTHER_RECORD, `a ${place.type.name} in place of another record`);
  return pointerTo(place);
};

const pointerTo = (place: Place): Value =>
  place.isPointer
    ? { text: place.text, effects: place.effects | (place.storage === 'local' ? READS_LOCAL : PURE) }
    : { text: `&${place.text}`, effects: place.effects };

const pointerPlace = (type: MachineType, value: Value, storage: Place['storage']): Place => ({
  type,
  text: value.text,
  isPointer: true,
  effects: value.effects,
  storage,
  repeatable: value.effects === PURE,
});

const chosenReference = (context: FunctionContext, node: ts.ConditionalExpression): Value => {
  const test = condition(context, node.condition);
  const whenTrue = reference(context, node.whenTrue);
  const whenFalse = reference(context, node.whenFalse, typeOf(context, node.whenTrue));
  return {
    text: `(${test.text} ? ${whenTrue.text} : ${whenFalse.text})`,
    effects: test.effects | whenTrue.effects | whenFalse.effects,
  };
};

const namedPlace = (context: FunctionContext, node: ts.Identifier): Place | undefined => {
  const local = localOf(context, node);
  if (local !== undefined) {
    const { type, name, range, fixed } = local;
    return {
      type,
      text: name,
      isPointer: type.kind === 'record',
      effects: PURE,
      storage: fixed ? 'fixed' : 'local',
      repeatable: true,
      range,
    };
  }
  const found = definitionOf(context.program, node);
  if (found?.kind !== 'variable') return undefined;
  return { type: found.type, text: found.cName, isPointer: false, effects: PURE, storage: 'memory', repeatable: true };
};

const fieldPlace = (context: FunctionContext, node: ts.PropertyAccessExpression): Place | undefined => {
  const owner = typeOf(context, node.expression);
  if (owner?.kind !== 'record') return undefined;
  const field = owner.fields.get(node.name.text);
  const base = placeOf(context, node.expression);
  if (field === undefined || base === undefined) return undefined;
  const effects = pointerTo(base).effects;
  const text = `${base.text}${base.isPointer ? '->' : '.'}${localName(field.name)}`;
  return { type: field.type, text, isPointer: false, effects, storage: 'memory', repeatable: base.repeatable };
};

const elementPlace = (context: FunctionContext, node: ts.ElementAccessExpression): Place | undefined => {
  const owner = typeOf(context, node.expression);
  if (owner?.kind !== 'array' && owner?.kind !== 'bytes') return undefined;
  const base = placeOf(context, node.expression);
  if (base === undefined) return undefined;
  const isBytes = owner.kind === 'bytes';
  const type = isBytes ? integerNamed('u8') : owner.element;
  const data = isBytes ? `${base.text}.data` : base.text;
  const index = elementIndex(
    context,
    node.argumentExpression,
    isBytes ? `(hed_wide)${base.text}.length` : owner.length,
  );
  const address = base.effects | (base.storage === 'local' ? READS_LOCAL : PURE);
  if (!conflict(address, index.effects)) {
    return {
      type,
      text: `${data}[${index.text}]`,
      isPointer: false,
      effects: address | index.effects,
      storage: 'memory',
      repeatable: false,
    };
  }
  const value = sequence(
    context,
    [{ text: `&${data}[0]`, effects: address }, index],
    ([first, offset]) => `&${first}[${offset}]`,
  );
  return {
    type,
    text: `(*${value.text})`,
    isPointer: false,
    effects: value.effects,
    storage: 'memory',
    repeatable: false,
  };
};

/** Returns an index that is inside: proven, or checked in both builds. `length` is a number, or the C text of one. */
const elementIndex = (context: FunctionContext, node: ts.Expression, length: number | string): IntegerValue => {
  const value = isFloat(context, node) ? integerFromFloat(context, node, integerNamed('u32')) : integer(context, node);
  if (typeof length === 'number') {
    const valid = interval(0, length - 1);
    if (contains(valid, value.range)) return value;
    if (disjoint(valid, value.range))
      return refuse(context, node, DOES_NOT_FIT, `an index outside an array of ${length}`);
  }
  return { ...value, text: `hed_index(${value.text}, ${length}, ${where(context, node)})`, range: UINT32 };
};

/** Returns `.length` of an array or of bytes, or undefined when `node` is something else. */
export const lengthOf = (context: FunctionContext, node: ts.Expression): IntegerValue | undefined => {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'length') return undefined;
  const owner = typeOf(context, node.expression);
  if (owner?.kind === 'array') return integerConstant(owner.length);
  if (owner?.kind !== 'bytes') return undefined;
  const base = placeOf(context, node.expression);
  return base === undefined
    ? undefined
    : { text: `(hed_wide)${base.text}.length`, effects: readPlace(base).effects, range: UINT32 };
};
