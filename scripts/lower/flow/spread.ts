// Everything else that iterates: spread, array destructuring, Array.from and the constructors that take an iterable, and iterators taken as values.
//
// Each is given a list, which Porffor handles rightly: `[...x]` becomes `[...toArray(x)]`, unless x is a list already.

import ts from 'typescript';
import { FLOW_RULES } from '../../dialect/flow.ts';
import type { LowerContext, Pass } from '../context.ts';
import { bare } from '../values/walk.ts';
import { globalName, isLibrarySymbol } from './globals.ts';
import { collectionOf, iterableKind, TYPED_ARRAYS } from './iterables.ts';
import { call, callMethod, standFor } from './nodes.ts';

const { factory } = ts;
const ARRAY = factory.createIdentifier('Array');

/** Lowers them. */
export const lowerSpread: Pass = (lower) => (context) => (source) => {
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    const visited = ts.visitEachChild(node, visit, context);
    const lowered = lowerNode(visited, lower);
    return lowered === visited ? visited : standFor(lowered, node);
  };
  return ts.visitEachChild(source, visit, context);
};

const lowerNode = (node: ts.Node, lower: LowerContext): ts.Node => {
  if (ts.getParseTreeNode(node) === undefined) return node;
  if (ts.isSpreadElement(node) && !isPattern(node.parent ?? ts.getParseTreeNode(node)?.parent)) {
    const list = isPresent(node.expression, lower) ? node.expression : presentList(node, lower);
    return factory.updateSpreadElement(
      node,
      iterableKind(node.expression, lower) === 'list' ? list : asList(node.expression, lower),
    );
  }
  if (ts.isVariableDeclaration(node) && ts.isArrayBindingPattern(node.name) && node.initializer) {
    const taken = takenList(node.initializer, node.name.elements, lower);
    return factory.updateVariableDeclaration(node, node.name, undefined, undefined, taken);
  }
  if (ts.isBinaryExpression(node) && isArrayAssignment(node)) {
    const { elements } = node.left as ts.ArrayLiteralExpression;
    return factory.updateBinaryExpression(node, node.left, node.operatorToken, takenList(node.right, elements, lower));
  }
  if (ts.isArrayBindingPattern(node)) refuseInnerPattern(node, lower);
  if (ts.isCallExpression(node)) return lowerCall(node, lower);
  return ts.isNewExpression(node) ? lowerNew(node, lower) : node;
};

/** Returns the list of the values of an iterable. */
const asList = (node: ts.Expression, lower: LowerContext): ts.Expression =>
  iterableKind(node, lower) === 'list' ? node : call(lower.runtime('toArray'), node);

/** Of a list that is undefined, against what its type says, Porffor would make none. */
const presentList = (node: ts.SpreadElement, lower: LowerContext): ts.Expression => {
  const parent = ts.getParseTreeNode(node)?.parent;
  const text = ts.getParseTreeNode(node.expression)?.getText() ?? 'value';
  const isArgument = parent !== undefined && !ts.isArrayLiteralExpression(parent);
  const words = `${text} is not iterable${isArgument ? ' (cannot read property undefined)' : ''}`;
  return call(lower.runtime('presentList'), node.expression, factory.createStringLiteral(words));
};

/** Tells whether a value is there for certain, whatever a type says that may be wrong: it is made here, or by the library, or is a rest parameter. */
const isPresent = (node: ts.Expression, lower: LowerContext): boolean => {
  const written = ts.getParseTreeNode(bare(node));
  if (written === undefined) return true;
  if (ts.isArrayLiteralExpression(written) || ts.isNewExpression(written)) return true;
  if (ts.isCallExpression(written))
    return isLibrarySymbol(lower.checker.getSymbolAtLocation(nameOf(written.expression) ?? written));
  if (!ts.isIdentifier(written)) return false;
  const declaration = lower.checker.getSymbolAtLocation(written)?.valueDeclaration;
  if (declaration === undefined) return false;
  if (ts.isParameter(declaration)) return declaration.dotDotDotToken !== undefined;
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return false;
  return (declaration.parent.flags & ts.NodeFlags.Const) !== 0 && isPresent(declaration.initializer, lower);
};

const nameOf = (node: ts.Expression): ts.Node | undefined =>
  ts.isPropertyAccessExpression(node) ? node.name : ts.isIdentifier(node) ? node : undefined;

const takenList = (
  node: ts.Expression,
  elements: ts.NodeArray<ts.ArrayBindingElement | ts.Expression>,
  lower: LowerContext,
): ts.Expression => {
  if (iterableKind(node, lower) === 'list') return node;
  const last = elements[elements.length - 1];
  const takesRest =
    last !== undefined && (ts.isSpreadElement(last) || (ts.isBindingElement(last) && last.dotDotDotToken));
  if (takesRest) return call(lower.runtime('toArray'), node);
  return call(lower.runtime('takeFirst'), node, factory.createNumericLiteral(elements.length));
};

const isArrayAssignment = (node: ts.BinaryExpression): boolean =>
  node.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isArrayLiteralExpression(node.left);

const isPattern = (node: ts.Node | undefined): boolean => {
  const parent = node && (node.parent ?? ts.getParseTreeNode(node)?.parent);
  return (
    node !== undefined &&
    ts.isArrayLiteralExpression(node) &&
    parent !== undefined &&
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    isArrayAssignment(parent)
  );
};

/** A pattern inside a pattern, in a parameter or in a loop's head takes its value from a place that cannot be wrapped. */
const refuseInnerPattern = (node: ts.ArrayBindingPattern, lower: LowerContext): void => {
  const written = ts.getParseTreeNode(node);
  if (!written || (ts.isVariableDeclaration(written.parent) && written.parent.initializer)) return;
  const isHead = ts.isVariableDeclaration(written.parent);
  if (iterableKind(written, lower) !== 'list' && !isHead) lower.reporter.report(written, FLOW_RULES.innerPattern);
};

const ITERATORS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  [
    'list',
    new Map([
      ['entries', 'listEntries'],
      ['keys', 'listKeys'],
      ['values', 'listValues'],
      ['iterator', 'listValues'],
    ]),
  ],
  [
    'Map',
    new Map([
      ['entries', 'mapEntries'],
      ['keys', 'mapKeys'],
      ['values', 'mapValues'],
      ['iterator', 'mapEntries'],
    ]),
  ],
  [
    'Set',
    new Map([
      ['entries', 'setEntries'],
      ['keys', 'setValues'],
      ['values', 'setValues'],
      ['iterator', 'setValues'],
    ]),
  ],
  ['string', new Map([['iterator', 'stringValues']])],
]);

/** Static methods of the library whose first argument is an iterable. */
const TAKES_ITERABLE = new Set([
  'Array.from',
  ...[...TYPED_ARRAYS].map((name) => `${name}.from`),
  'Object.fromEntries',
  'Promise.all',
  'Promise.allSettled',
  'Promise.any',
  'Promise.race',
]);
const CONSTRUCTORS_OF_ITERABLE = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', ...TYPED_ARRAYS]);

const lowerCall = (node: ts.CallExpression, lower: LowerContext): ts.Node => {
  const iterator = iteratorCall(node, lower);
  if (iterator) return iterator;
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression)) return node;
  const owner = globalName(expression.expression, lower);
  const [first, ...others] = node.arguments;
  if (owner === undefined || first === undefined || !TAKES_ITERABLE.has(`${owner}.${expression.name.text}`))
    return node;
  const isTyped = TYPED_ARRAYS.has(owner);
  if (!isTyped && !isIterable(first, lower, false)) return node;
  // Of what has a length and no iterator, such as { length: 8 }, Porffor makes an empty typed array. Its Array.from is right.
  const list = isIterable(first, lower, isTyped) ? asList(first, lower) : callMethod(ARRAY, 'from', first);
  return factory.updateCallExpression(node, expression, undefined, [list, ...others]);
};

const lowerNew = (node: ts.NewExpression, lower: LowerContext): ts.Node => {
  const owner = globalName(node.expression, lower);
  const [first] = node.arguments ?? [];
  if (owner === undefined || first === undefined || !CONSTRUCTORS_OF_ITERABLE.has(owner)) return node;
  if (isIterable(first, lower, TYPED_ARRAYS.has(owner)))
    return factory.updateNewExpression(node, node.expression, undefined, [asList(first, lower)]);
  // A typed array may be made of a buffer, or of a length.
  if (!TYPED_ARRAYS.has(owner) || lower.checker.getPropertyOfType(lower.typeOf(first), 'length') === undefined)
    return node;
  return factory.updateNewExpression(node, node.expression, undefined, [callMethod(ARRAY, 'from', first)]);
};

/** Tells whether the value has the iteration protocol, as against a length alone, or nothing: always, or at times where what it is known to be allows both. */
const isIterable = (node: ts.Expression, lower: LowerContext, isAlways: boolean): boolean => {
  if (iterableKind(node, lower) !== 'other') return true;
  const type = lower.typeOf(node);
  const members = type.isUnion() ? type.types : [type];
  const hasIterator = (member: ts.Type): boolean =>
    lower.checker
      .getPropertiesOfType(lower.checker.getApparentType(member))
      .some((property) => property.name.startsWith('__@iterator'));
  return isAlways ? members.every(hasIterator) : members.some(hasIterator);
};

/** `x.entries()`, `x.keys()`, `x.values()` and `x[Symbol.iterator]()` of the built-in collections. */
const iteratorCall = (node: ts.CallExpression, lower: LowerContext): ts.Expression | undefined => {
  const member = memberOf(node.expression, lower);
  if (member === undefined) return undefined;
  const { expression: object } = node.expression as ts.PropertyAccessExpression | ts.ElementAccessExpression;
  const kind = iterableKind(object, lower);
  const known = ITERATORS.get(collectionOf(object, lower) ?? kind)?.get(member);
  const helper =
    known ?? (member === 'iterator' && ts.isElementAccessExpression(node.expression) ? 'iterate' : undefined);
  return helper === undefined ? undefined : call(lower.runtime(helper), object);
};

const memberOf = (node: ts.Expression, lower: LowerContext): string | undefined => {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (!ts.isElementAccessExpression(node)) return undefined;
  const key = node.argumentExpression;
  const isSymbol = ts.isPropertyAccessExpression(key) && globalName(key.expression, lower) === 'Symbol';
  return isSymbol ? key.name.text : undefined;
};
