// What control-plane code sees of the machine modules, through TypeScript's types.

import ts from 'typescript';
import type { MachineExport, MachineExports } from './compile.ts';
import type { PathStep } from './glue.ts';
import { symbolOf } from './module.ts';
import type { MachineType, RecordType } from './types.ts';

/** A read of something inside a record: `queue.slots[i].size`. */
export interface RecordRead {
  /** The expression that yields the record. */
  readonly root: ts.Expression;
  readonly record: RecordType;
  readonly path: readonly PathStep[];
  /** The index expressions, left to right. */
  readonly indices: readonly ts.Expression[];
  /** The machine type of what is read; undefined for something that is no field. */
  readonly type: MachineType | undefined;
}

/** The length of an array inside a record. */
export interface ArrayLength {
  readonly length: number;
  /** The read of the innermost record on the way to the array. */
  readonly owner: RecordRead;
}

/** Questions about nodes of the control plane. They may be nodes that a pass made: then the original answers. */
export interface Planes {
  /** Returns the machine definition that a name stands for. */
  definitionOf(name: ts.Node): MachineExport | undefined;
  /** Returns the record class of an expression's type, undefined and null left aside. */
  recordOf(node: ts.Expression): RecordType | undefined;
  /** Returns the record class of a type, undefined and null left aside. */
  recordOfType(type: ts.Type): RecordType | undefined;
  /** Returns the read that `node` is the outer end of, or undefined. `length` of an array is left to `arrayLength`. */
  readOf(node: ts.Expression): RecordRead | undefined;
  /** Returns the length when `node` is `.length` of an array inside a record. */
  arrayLength(node: ts.Expression): ArrayLength | undefined;
  /** Returns the number or boolean that `node` stands for: a constant of a machine module, or a member of one of its enums. */
  constantOf(node: ts.Expression): number | boolean | undefined;
}

type Access = ts.PropertyAccessExpression | ts.ElementAccessExpression;
const isAccess = (node: ts.Node): node is Access =>
  ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);

/** Returns the expression without parentheses, `!`, `as` and `satisfies`. */
const stripped = (node: ts.Expression): ts.Expression => {
  const wraps =
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node);
  return wraps ? stripped(node.expression) : node;
};

/** Returns the view that control-plane code has of the compiled machine modules. */
export const createPlanes = (exports: MachineExports, checker: ts.TypeChecker): Planes => {
  const recordOfType = (type: ts.Type): RecordType | undefined => {
    const instance = checker.getNonNullableType(type);
    const symbol = instance.getSymbol();
    const found = symbol === undefined ? undefined : exports.get(symbol);
    // The class itself has the same symbol and another type.
    const isInstance = symbol !== undefined && checker.getDeclaredTypeOfSymbol(symbol) === instance;
    return isInstance && found?.kind === 'record' ? found : undefined;
  };
  const recordOf = (node: ts.Expression): RecordType | undefined =>
    recordOfType(checker.getTypeAtLocation(ts.getOriginalNode(node)));
  const definitionOf = (name: ts.Node): MachineExport | undefined => {
    const symbol = symbolOf(checker, ts.getOriginalNode(name));
    return symbol === undefined ? undefined : exports.get(symbol);
  };

  const readOf = (node: ts.Expression): RecordRead | undefined => {
    if (!isAccess(node)) return undefined;
    const owner = stripped(node.expression);
    const outer = ownerRead(owner);
    if (outer === undefined) return undefined;
    if (ts.isPropertyAccessExpression(node)) {
      if (outer.type?.kind !== 'record') return { ...outer, type: undefined };
      return {
        ...outer,
        path: [...outer.path, { field: node.name.text }],
        type: outer.type.fields.get(node.name.text)?.type,
      };
    }
    if (outer.type?.kind !== 'array') return { ...outer, type: undefined };
    return {
      ...outer,
      path: [...outer.path, { length: outer.type.length }],
      indices: [...outer.indices, node.argumentExpression],
      type: outer.type.element,
    };
  };

  /** A record expression is the root of its own read; a part of a record belongs to the read of its owner. */
  const ownerRead = (owner: ts.Expression): RecordRead | undefined => {
    const inside = readOf(owner);
    if (inside !== undefined) return inside;
    const record = recordOf(owner);
    return record === undefined ? undefined : { root: owner, record, path: [], indices: [], type: record };
  };

  const innermostRecord = (array: ts.Expression): RecordRead => {
    const owner = isAccess(array) ? stripped(array.expression) : array;
    const read = ownerRead(owner);
    if (read === undefined) throw new Error('an array inside a record has an owner');
    return read.type?.kind === 'record' ? read : innermostRecord(owner);
  };

  return {
    definitionOf,
    recordOf,
    recordOfType,
    readOf,
    arrayLength(node) {
      if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'length') return undefined;
      const array = stripped(node.expression);
      const read = readOf(array);
      return read?.type?.kind === 'array' ? { length: read.type.length, owner: innermostRecord(array) } : undefined;
    },
    constantOf(node) {
      const name = ts.isPropertyAccessExpression(node) ? node.name : node;
      if (!ts.isIdentifier(name)) return undefined;
      const found = definitionOf(name);
      if (found !== undefined) return found.kind === 'constant' ? found.value : undefined;
      return enumMember(exports, checker, ts.getOriginalNode(name));
    },
  };
};

const enumMember = (exports: MachineExports, checker: ts.TypeChecker, name: ts.Node): number | undefined => {
  const member = checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (member === undefined || !ts.isEnumMember(member)) return undefined;
  const symbol = checker.getSymbolAtLocation(member.parent.name);
  if (symbol === undefined || !exports.has(symbol)) return undefined;
  const value = checker.getConstantValue(member);
  return typeof value === 'number' ? value : undefined;
};
