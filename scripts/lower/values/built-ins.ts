// Built-ins that Porffor lacks or gets wrong, as calls of helpers in kernel/runtime.
//
//   Math.round(x)      roundHalfUp(x)          x.toFixed(2)     toFixed(x, 2)
//   xs.map(Math.round) xs.map(roundHalfUp)     x?.toFixed(2)    guarded by a function

import ts from 'typescript';
import { VALUE_RULES } from '../../dialect/values.ts';
import { Kind, onlyKinds } from './kinds.ts';
import { isTimerNumber, libraryNames } from './library.ts';
import { chainGoesOn, ifPresent, suspends } from './optional.ts';
import { isDeclarationName } from './refusals.ts';
import { bare, callHelper, on, type Rewrites, type Tools } from './walk.ts';

const { factory, SyntaxKind } = ts;

/** Helpers by the library's name. A method's helper takes the object first. */
const HELPERS: Readonly<Record<string, string>> = {
  'Math.round': 'roundHalfUp',
  'Math.clz32': 'countLeadingZeros',
  'Math.exp': 'exponential',
  'Math.log': 'logarithm',
  'Math.log10': 'decimalLogarithm',
  'Math.log1p': 'logarithmOfSum',
  'Math.pow': 'power',
  'Math.hypot': 'hypotenuse',
  'Math.cosh': 'hyperbolicCosine',
  'Math.tanh': 'hyperbolicTangent',
  'Math.asinh': 'inverseHyperbolicSine',
  'Math.acosh': 'inverseHyperbolicCosine',
  'Math.atanh': 'inverseHyperbolicTangent',
  'Number.isInteger': 'isInteger',
  'Number.isSafeInteger': 'isSafeInteger',
  'Number.parseInt': 'parseInteger',
  parseInt: 'parseInteger',
  'Number#toFixed': 'toFixed',
  'Number#toExponential': 'toExponential',
  'Number#toPrecision': 'toPrecision',
  'Number#toString': 'toRadix',
  'String#substring': 'substring',
  'String#codePointAt': 'codePoint',
  'String#repeat': 'repeat',
  'String#search': 'search',
  'String#replace': 'replaceMatches',
  'String#replaceAll': 'replaceMatches',
  'String#padStart': 'padStart',
  'String#padEnd': 'padEnd',
  'String#toUpperCase': 'upperCase',
  'String#toLowerCase': 'lowerCase',
  'String.fromCharCode': 'fromCharCode',
  'Object.keys': 'ownKeys',
  'Object.values': 'ownValues',
  'Object.entries': 'ownEntries',
  'Object.getOwnPropertyNames': 'ownNames',
  'Object.getOwnPropertyDescriptor': 'describeProperty',
  'Array#flat': 'flatten',
  'Array#sort': 'sortList',
  'Array#toSorted': 'sortedList',
  'ReadonlyArray#toSorted': 'sortedList',
  'ReadonlyArray#flat': 'flatten',
  'JSON.parse': 'parseJson',
  'JSON.stringify': 'stringify',
  'Date.now': 'dateNow',
  'Date.parse': 'parseDate',
  'Date#toISOString': 'isoText',
  'Date#toJSON': 'dateJson',
  TextEncoder: 'Utf8Encoder',
  TextDecoder: 'Utf8Decoder',
  performance: 'performanceObject',
  'Performance.now': 'performanceNow',
  crypto: 'cryptoObject',
  'Crypto#getRandomValues': 'getRandomValues',
  'Crypto#randomUUID': 'randomUuid',
  AbortController: 'AbortControllerObject',
  AbortSignal: 'AbortSignalObject',
  'AbortSignal.timeout': 'abortAfter',
  DOMException: 'DOMExceptionObject',
  setTimeout: 'startTimeout',
  setInterval: 'startInterval',
  setImmediate: 'startImmediate',
  clearTimeout: 'clearTimer',
  clearInterval: 'clearTimer',
  clearImmediate: 'clearImmediateObject',
};

/** Tells whether a helper stands in for a function that is no method: `Math.round`, `parseInt`. */
export const isReplaced = (name: string): boolean => HELPERS[name] !== undefined;

/** Calls that Porffor gets right as they are, though it does not always. */
const isRightAlready = (name: string, node: ts.CallExpression, tools: Tools): boolean => {
  if (name === 'Number#toString') return node.arguments.length === 0;
  if (name === 'String#replace' || name === 'String#replaceAll') return !mayNameGroups(node, tools);
  if (name === 'String.fromCharCode')
    return node.arguments.every((code) => ts.isNumericLiteral(code) && Number(code.text) <= 0xffff);
  return false;
};

/** A function that replaces matches is given their named groups; Porffor leaves them out. */
const mayNameGroups = (node: ts.CallExpression, tools: Tools): boolean => {
  const [pattern, replacement] = node.arguments;
  if (pattern === undefined || replacement === undefined) return false;
  if (onlyKinds(tools.kindsOf(pattern), Kind.string) || onlyKinds(tools.kindsOf(replacement), Kind.string))
    return false;
  const literal = bare(pattern);
  return !ts.isRegularExpressionLiteral(literal) || literal.text.includes('(?<');
};

/** Rewrites of calls and of functions used as values. */
export const builtInRewrites: Rewrites = new Map([
  on<ts.CallExpression>(SyntaxKind.CallExpression, (node, lowered, tools) => {
    const callee = bare(node.expression);
    if (isNumberCall(callee, node, tools)) return callHelper(tools, 'toNumber', ...lowered.arguments);
    const helper = helperOf(callee, tools);
    if (helper === undefined || isRightAlready(helper.libraryName, node, tools)) return undefined;
    if (!helper.isMethod) return callHelper(tools, helper.name, ...lowered.arguments);
    const access = bare(lowered.expression);
    if (!ts.isPropertyAccessExpression(access)) return undefined;
    if (!ts.isOptionalChain(node)) return callHelper(tools, helper.name, access.expression, ...lowered.arguments);
    return callIfPresent(node, access.expression, helper.name, lowered.arguments, tools);
  }),
  on<ts.PropertyAccessExpression>(SyntaxKind.PropertyAccessExpression, (node, _lowered, tools) =>
    valueOfHelper(node, tools),
  ),
  on<ts.Identifier>(SyntaxKind.Identifier, (node, _lowered, tools) => {
    if (isDeclarationName(node)) return undefined;
    if (isNumberPassedOn(node, tools)) return tools.runtime('toNumber');
    return valueOfHelper(node, tools);
  }),
  on<ts.ElementAccessExpression>(SyntaxKind.ElementAccessExpression, (node, lowered, tools) =>
    isTimerNumber(node, tools) ? factory.createPropertyAccessExpression(lowered.expression, 'valueOf') : undefined,
  ),
  on<ts.NewExpression>(SyntaxKind.NewExpression, (node, lowered, tools) => {
    const [value] = lowered.arguments ?? [];
    if (!libraryNames(node.expression, tools).includes('Date')) return undefined;
    if (value === undefined)
      return factory.updateNewExpression(lowered, lowered.expression, undefined, [callHelper(tools, 'dateNow')]);
    if (tools.kindsOf(node.arguments![0]!) === Kind.number) return undefined;
    return factory.updateNewExpression(lowered, lowered.expression, undefined, [callHelper(tools, 'dateValue', value)]);
  }),
  on<ts.BinaryExpression>(SyntaxKind.BinaryExpression, (node, lowered, tools) => {
    if (node.operatorToken.kind !== SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(node.left))
      return undefined;
    if (!libraryNames(node.left, tools).includes('Array#length') || ts.isNumericLiteral(node.right)) return undefined;
    return factory.createAssignment(lowered.left, callHelper(tools, 'checkedLength', lowered.right));
  }),
]);

interface Helper {
  readonly name: string;
  readonly libraryName: string;
  readonly isMethod: boolean;
}

const helperOf = (node: ts.Expression, tools: Tools): Helper | undefined => {
  if (!ts.isPropertyAccessExpression(node) && !ts.isIdentifier(node)) return undefined;
  const names = libraryNames(node, tools);
  const helpers = new Set(names.map((name) => HELPERS[name]));
  const [name] = helpers;
  if (helpers.size > 1) {
    tools.reporter.report(node, VALUE_RULES.unclearMethod);
    return undefined;
  }
  // A helper is written with the very function it replaces.
  if (name === undefined || exportsName(node, name, tools)) return undefined;
  return { name, libraryName: names[0]!, isMethod: names[0]!.includes('#') };
};

const exportsName = (node: ts.Node, name: string, { checker }: Tools): boolean => {
  const module = checker.getSymbolAtLocation(ts.getOriginalNode(node).getSourceFile());
  return module?.exports?.has(ts.escapeLeadingUnderscores(name)) ?? false;
};

/** A function of the library passed on. A method taken off its object has no meaning of its own here. */
const valueOfHelper = (node: ts.PropertyAccessExpression | ts.Identifier, tools: Tools): ts.Node | undefined => {
  if (isCalled(node)) return undefined;
  const helper = helperOf(node, tools);
  if (helper === undefined) return undefined;
  if (!helper.isMethod) return tools.runtime(helper.name);
  tools.reporter.report(node, VALUE_RULES.methodAsValue);
  return undefined;
};

/** Number(undefined) is NaN; of everything else Porffor makes the right number. */
const isNumberCall = (callee: ts.Expression, node: ts.CallExpression, tools: Tools): boolean => {
  const [value] = node.arguments;
  if (value === undefined || !isNumberFunction(callee, tools)) return false;
  return (
    (tools.kindsOf(value) & (Kind.nullish | Kind.unknown | Kind.object)) !== 0 && !exportsName(node, 'toNumber', tools)
  );
};

const isNumberPassedOn = (node: ts.Identifier, tools: Tools): boolean => {
  const { parent } = ts.getOriginalNode(node);
  return ts.isCallExpression(parent) && parent.expression !== ts.getOriginalNode(node) && isNumberFunction(node, tools);
};

const isNumberFunction = (node: ts.Expression, tools: Tools): boolean =>
  ts.isIdentifier(node) && node.text === 'Number' && libraryNames(node, tools).includes('Number');

/** `x?.toFixed(2)`, where it ends the chain. */
const callIfPresent = (
  node: ts.CallExpression,
  object: ts.Expression,
  helper: string,
  values: readonly ts.Expression[],
  tools: Tools,
): ts.Node | undefined => {
  if (chainGoesOn(node) || node.arguments.some(suspends)) {
    tools.reporter.report(node, VALUE_RULES.methodInChain);
    return undefined;
  }
  return ifPresent(object, (present) => callHelper(tools, helper, present, ...values));
};

/** Tells whether `node` is what a call calls. */
const isCalled = (node: ts.Node): boolean => {
  let child = ts.getOriginalNode(node);
  while (ts.isParenthesizedExpression(child.parent) || ts.isNonNullExpression(child.parent)) child = child.parent;
  return ts.isCallExpression(child.parent) && child.parent.expression === child;
};
