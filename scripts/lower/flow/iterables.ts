// What the checker knows of a value that is iterated: whether Porffor iterates it rightly, or whose protocol it needs.

import ts from 'typescript';
import type { LowerContext } from '../context.ts';
import { libraryTypeName } from './globals.ts';

/** `list`: an array or typed array. `collection`: a Map or Set. `string`. `other`: anything else, also what is not known. */
export type IterableKind = 'list' | 'collection' | 'string' | 'other';

/** The names of the typed arrays. */
export const TYPED_ARRAYS = new Set([
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
]);
const MAPS = new Set(['Map', 'ReadonlyMap']);
const SETS = new Set(['Set', 'ReadonlySet']);

/** Returns what kind of iterable the value of `node` is. */
export const iterableKind = (node: ts.Node, lower: LowerContext): IterableKind => kindOf(lower.typeOf(node), lower);

/** Tells whether the value of `node` is a Map, a Set, or neither of them for certain. */
export const collectionOf = (node: ts.Node, lower: LowerContext): 'Map' | 'Set' | undefined => {
  const name = libraryTypeName(lower.typeOf(node)) ?? '';
  if (MAPS.has(name)) return 'Map';
  return SETS.has(name) ? 'Set' : undefined;
};

const kindOf = (type: ts.Type, lower: LowerContext): IterableKind => {
  const { checker } = lower;
  if (type.isUnion()) {
    const [first, ...others] = new Set(type.types.map((member) => kindOf(member, lower)));
    return first !== undefined && others.length === 0 ? first : 'other';
  }
  if (type.flags & ts.TypeFlags.StringLike) return 'string';
  if (type.flags & ts.TypeFlags.Instantiable) {
    const bound = checker.getBaseConstraintOfType(type);
    return bound === undefined || bound === type ? 'other' : kindOf(bound, lower);
  }
  if (checker.isArrayType(type) || checker.isTupleType(type)) return 'list';
  const name = libraryTypeName(type) ?? '';
  if (TYPED_ARRAYS.has(name)) return 'list';
  return MAPS.has(name) || SETS.has(name) ? 'collection' : 'other';
};
