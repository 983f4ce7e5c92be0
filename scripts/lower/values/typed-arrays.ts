// Typed arrays: constructors and methods that Porffor does not check, or that take quadratic time or memory of another layout. Elements are mended in its C
// (scripts/patch/elements.ts).

import ts from 'typescript';
import { VALUE_RULES } from '../../dialect/values.ts';
import { callIfPresent } from './built-ins.ts';
import { Kind } from './kinds.ts';
import { libraryNames } from './library.ts';
import { bare, callHelper, on, type Rewrites, type Tools } from './walk.ts';

const { factory, SyntaxKind } = ts;

const ELEMENT_SIZES: Readonly<Record<string, number>> = {
  Int8Array: 1,
  Uint8Array: 1,
  Uint8ClampedArray: 1,
  Int16Array: 2,
  Uint16Array: 2,
  Int32Array: 4,
  Uint32Array: 4,
  Float32Array: 4,
  Float64Array: 8,
};

/** Rewrites and refusals about typed arrays. */
export const typedArrayRewrites: Rewrites = new Map([
  on<ts.NewExpression>(SyntaxKind.NewExpression, (node, lowered, tools) => lowerView(node, lowered, tools)),
  on<ts.CallExpression>(SyntaxKind.CallExpression, (node, lowered, tools) => lowerMethod(node, lowered, tools)),
  on<ts.PropertyAccessExpression>(SyntaxKind.PropertyAccessExpression, (node, _lowered, tools) => {
    if (node.name.text !== 'BYTES_PER_ELEMENT') return undefined;
    const size = ELEMENT_SIZES[memberOf(node, tools)?.array ?? ''];
    return size === undefined ? undefined : factory.createNumericLiteral(size);
  }),
  on<ts.ElementAccessExpression>(SyntaxKind.ElementAccessExpression, (node, lowered, tools) => {
    const index = bare(node.argumentExpression);
    const isFraction = ts.isNumericLiteral(index) && !Number.isInteger(Number(index.text));
    if (holdsElements(node.expression, tools) && (isFraction || (ts.isIdentifier(index) && index.text === 'NaN')))
      tools.reporter.report(index, VALUE_RULES.fractionIndex);
    return ts.isIdentifier(index) && GETTERS.has(index.text) ? hideName(lowered) : undefined;
  }),
  on<ts.BinaryExpression>(SyntaxKind.BinaryExpression, (node, _lowered, tools) => {
    if (node.operatorToken.kind === SyntaxKind.InKeyword && arrayName(node.right, tools) !== undefined)
      tools.reporter.report(node, VALUE_RULES.inTypedArray);
    return undefined;
  }),
]);

/** Porffor takes `list[buffer]` for `list.buffer`: the name of an index must not be that of an accessor. */
const GETTERS: ReadonlySet<string> = new Set(['buffer', 'byteLength', 'byteOffset', 'length']);

const hideName = (node: ts.ElementAccessExpression): ts.Node => {
  const index = factory.createComma(factory.createNumericLiteral(0), node.argumentExpression);
  return ts.isElementAccessChain(node)
    ? factory.updateElementAccessChain(node, node.expression, node.questionDotToken, index)
    : factory.updateElementAccessExpression(node, node.expression, index);
};

/** `new Uint8Array(buffer, offset, length)` must lie inside the buffer. */
const lowerView = (node: ts.NewExpression, lowered: ts.NewExpression, tools: Tools): ts.Node | undefined => {
  const name = ts.isIdentifier(node.expression) ? node.expression.text : '';
  const size = ELEMENT_SIZES[name];
  const [buffer, offset, length] = lowered.arguments ?? [];
  if (size === undefined || buffer === undefined || !libraryNames(node.expression, tools).includes(name))
    return undefined;
  if (!(tools.kindsOf(node.arguments![0]!) & (Kind.object | Kind.unknown)) || !mayBeBuffer(node.arguments![0]!, tools))
    return undefined;
  // The three values are evaluated once, in order, as the parameters of a function around the constructor.
  const names = ['buffer', 'offset', 'length'].map((text) => factory.createUniqueName(text));
  const given = [buffer, offset, length].filter((value) => value !== undefined);
  const used = names.slice(0, Math.max(given.length, 1));
  const checked = callHelper(tools, 'checkedOffset', used[0]!, factory.createNumericLiteral(size), ...used.slice(1));
  const made = factory.createNewExpression(lowered.expression, undefined, [used[0]!, checked, ...used.slice(2)]);
  const parameters = used.map((used) => factory.createParameterDeclaration(undefined, undefined, used));
  const maker = factory.createArrowFunction(undefined, undefined, parameters, undefined, undefined, made);
  return factory.createCallExpression(factory.createParenthesizedExpression(maker), undefined, given);
};

const mayBeBuffer = (node: ts.Expression, tools: Tools): boolean => {
  const type = tools.typeOf(node);
  return (type.isUnion() ? type.types : [type]).some((member) =>
    /^(ArrayBuffer|SharedArrayBuffer|ArrayBufferLike)$/.test(member.getSymbol()?.name ?? ''),
  );
};

/** Helpers by the names of methods. */
const METHODS: ReadonlyMap<string, string> = new Map([
  ['set', 'setElements'],
  ['sort', 'sortNumbers'],
  ['toSorted', 'sortedNumbers'],
  ['toReversed', 'reversedNumbers'],
  ['with', 'withNumber'],
]);

const lowerMethod = (node: ts.CallExpression, lowered: ts.CallExpression, tools: Tools): ts.Node | undefined => {
  const callee = lowered.expression;
  if (!ts.isPropertyAccessExpression(node.expression) || !ts.isPropertyAccessExpression(callee)) return undefined;
  const helper = METHODS.get(memberOf(node.expression, tools)?.name ?? '');
  if (helper === undefined) return undefined;
  if (ts.isOptionalChain(node)) return callIfPresent(node, callee.expression, helper, lowered.arguments, tools);
  return callHelper(tools, helper, callee.expression, ...lowered.arguments);
};

/** An array, a typed array or a string; other objects have fractions as names. */
const holdsElements = (node: ts.Expression, tools: Tools): boolean => {
  const type = tools.typeOf(node);
  const isList = tools.checker.isArrayType(type) || tools.checker.isTupleType(type);
  return isList || tools.kindsOf(node) === Kind.string || arrayName(node, tools) !== undefined;
};

/** Returns which typed array's which member `node` is. */
const memberOf = (node: ts.PropertyAccessExpression, tools: Tools): { array: string; name: string } | undefined => {
  for (const libraryName of libraryNames(node, tools)) {
    const [array, name] = libraryName.split(/[#.]/);
    if (array !== undefined && name !== undefined && array in ELEMENT_SIZES) return { array, name };
  }
  return undefined;
};

const arrayName = (node: ts.Expression, tools: Tools): string | undefined => {
  const name = tools.typeOf(node).getSymbol()?.name ?? '';
  return name in ELEMENT_SIZES ? name : undefined;
};
