// Built-ins that Porffor lacks or gets wrong, as calls of helpers in kernel/runtime.
//
//   Math.round(x)      roundHalfUp(x)          x.toFixed(2)     toFixed(x, 2)
//   xs.map(Math.round) xs.map(roundHalfUp)     x?.toFixed(2)    guarded by a function

import ts from 'typescript';
import { VALUE_RULES } from '../../dialect/values.ts';
import { Kind, onlyKinds } from './kinds.ts';
import { isTimerNumber, libraryNames } from './library.ts';
import { chainGoesOn, ifPresent, suspends } from './optional.ts';
import { isDeclarationName, isRuntime } from './refusals.ts';
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
  'Math.sin': 'sine',
  'Math.cos': 'cosine',
  'Math.tan': 'tangent',
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
  'String#matchAll': 'matchesOf',
  'String.fromCodePoint': 'fromCodePoints',
  'String#codePointAt': 'codePoint',
  'String#repeat': 'repeat',
  'String#substr': 'substr',
  'String#search': 'search',
  'String#replace': 'replaceMatches',
  'String#replaceAll': 'replaceAllMatches',
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
  'Array#with': 'withElement',
  'ReadonlyArray#with': 'withElement',
  'Map#forEach': 'forEachEntry',
  'ReadonlyMap#forEach': 'forEachEntry',
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
  'Date#toUTCString': 'utcText',
  'Date#toString': 'dateText',
  'Date#toDateString': 'dayText',
  'Date#toTimeString': 'timeText',
  'Date#getTimezoneOffset': 'timezoneOffset',
  'Object.getOwnPropertyDescriptors': 'describeProperties',
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
  if (name === 'String#replace' || name === 'String#replaceAll') return replacesRightly(node, tools);
  if (name === 'String.fromCharCode') return node.arguments.every((code) => isLiteralUpTo(code, 0xffff));
  if (name === 'String.fromCodePoint')
    return isRuntime(node) || node.arguments.every((code) => isLiteralUpTo(code, 0x10ffff));
  return false;
};

/** One character is made without a list of the codes. */
const helperFor = (name: string, { arguments: codes }: ts.CallExpression): string =>
  name === 'fromCodePoints' && codes.length === 1 && !ts.isSpreadElement(codes[0]!) ? 'fromCodePoint' : name;

const isLiteralUpTo = (node: ts.Expression, limit: number): boolean =>
  ts.isNumericLiteral(node) && Number.isInteger(Number(node.text)) && Number(node.text) <= limit;

/** Of patterns, Porffor forgets the groups' names for a function, the second digit of `$12` in a text, and where a sticky one stands. */
const replacesRightly = (node: ts.CallExpression, tools: Tools): boolean => {
  const [pattern, replacement] = node.arguments;
  if (pattern === undefined || replacement === undefined || onlyKinds(tools.kindsOf(pattern), Kind.string)) return true;
  const literal = bare(pattern);
  if (!ts.isRegularExpressionLiteral(literal) || /\/\w*y\w*$/.test(literal.text)) return false;
  if (!onlyKinds(tools.kindsOf(replacement), Kind.string)) return !literal.text.includes('(?<');
  const text = bare(replacement);
  return ts.isStringLiteralLike(text) && !/\$\d\d/.test(text.text);
};

/** Tells whether Porffor may know the string of `text[index]` when it compiles: it knows no parameter, no member and no element. */
const isKnownCharacter = (node: ts.ElementAccessExpression, tools: Tools): boolean => {
  if (ts.isOptionalChain(node) || tools.kindsOf(node.argumentExpression) !== Kind.number) return false;
  if (tools.kindsOf(node.expression) !== Kind.string) return false;
  const text = bare(node.expression);
  if (ts.isPropertyAccessExpression(text) || ts.isElementAccessExpression(text)) return false;
  const declaration = tools.checker.getSymbolAtLocation(ts.getOriginalNode(text))?.valueDeclaration;
  return declaration === undefined || !ts.isParameter(declaration);
};

/** Rewrites of calls and of functions used as values. */
export const builtInRewrites: Rewrites = new Map([
  on<ts.CallExpression>(SyntaxKind.CallExpression, (node, lowered, tools) => {
    const callee = bare(node.expression);
    if (isNumberCall(callee, node, tools)) return callHelper(tools, 'toNumber', ...lowered.arguments);
    if (ts.isIdentifier(callee) && libraryNames(callee, tools).includes('Date')) return callHelper(tools, 'nowText');
    if (libraryNames(callee, tools).includes('Date.UTC'))
      return factory.updateCallExpression(
        lowered,
        lowered.expression,
        undefined,
        dateParts(node.arguments, lowered.arguments, tools),
      );
    const givenUndefined = lowerGivenUndefined(callee, node, lowered, tools);
    if (givenUndefined !== undefined) return givenUndefined;
    const helper = helperOf(callee, tools);
    if (helper === undefined || isRightAlready(helper.libraryName, node, tools)) return undefined;
    if (!helper.isMethod)
      return callHelper(tools, helperFor(helper.name, node), ...numbersFor(helper, node, lowered, tools));
    const access = bare(lowered.expression);
    if (!ts.isPropertyAccessExpression(access)) return undefined;
    if (!ts.isOptionalChain(node)) return callHelper(tools, helper.name, access.expression, ...lowered.arguments);
    return callIfPresent(node, access.expression, helper.name, lowered.arguments, tools);
  }),
  on<ts.PropertyAccessExpression>(
    SyntaxKind.PropertyAccessExpression,
    (node, lowered, tools) => withOtherName(node, lowered, tools) ?? valueOfHelper(node, tools),
  ),
  on<ts.Identifier>(SyntaxKind.Identifier, (node, _lowered, tools) => {
    if (isDeclarationName(node)) return undefined;
    if (isNumberPassedOn(node, tools)) return tools.runtime('toNumber');
    return valueOfHelper(node, tools);
  }),
  on<ts.ElementAccessExpression>(SyntaxKind.ElementAccessExpression, (node, lowered, tools) => {
    if (isTimerNumber(node, tools)) return factory.createPropertyAccessExpression(lowered.expression, 'valueOf');
    return isKnownCharacter(node, tools)
      ? callHelper(tools, 'characterAt', lowered.expression, lowered.argumentExpression)
      : undefined;
  }),
  on<ts.NewExpression>(SyntaxKind.NewExpression, (node, lowered, tools) => {
    const [value] = lowered.arguments ?? [];
    if (!libraryNames(node.expression, tools).includes('Date')) return undefined;
    if ((lowered.arguments?.length ?? 0) > 1) {
      const parts = factory.createPropertyAccessExpression(factory.createIdentifier('Date'), 'UTC');
      const time = factory.createCallExpression(
        parts,
        undefined,
        dateParts(node.arguments!, lowered.arguments!, tools),
      );
      return factory.updateNewExpression(lowered, lowered.expression, undefined, [time]);
    }
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

/** A second argument that is given counts, also when it is undefined, whatever its type says; Porffor takes it for missing. */
const lowerGivenUndefined = (
  callee: ts.Expression,
  node: ts.CallExpression,
  lowered: ts.CallExpression,
  tools: Tools,
): ts.Node | undefined => {
  const second = node.arguments[1];
  const access = bare(lowered.expression);
  if (second === undefined || !ts.isPropertyAccessExpression(callee) || !ts.isPropertyAccessExpression(access))
    return undefined;
  if (!/^(lastIndexOf|splice|toSpliced|reduce|reduceRight)$/.test(callee.name.text)) return undefined;
  if (isComputed(second) || ts.isOptionalChain(node)) return undefined;
  if (!libraryNames(callee, tools).some((name) => /Array#/.test(name))) return undefined;
  const [first, value, ...others] = lowered.arguments;
  if (callee.name.text === 'reduce') return callHelper(tools, 'foldLeft', access.expression, first!, value!);
  if (callee.name.text === 'reduceRight') return callHelper(tools, 'foldRight', access.expression, first!, value!);
  const known = factory.createBinaryExpression(
    factory.createParenthesizedExpression(value!),
    SyntaxKind.QuestionQuestionToken,
    factory.createNumericLiteral(0),
  );
  return factory.updateCallExpression(lowered, lowered.expression, undefined, [first!, known, ...others]);
};

/** Tells whether a value is made in place, and so is none that may be missing. */
const isComputed = (node: ts.Expression): boolean => {
  const value = bare(node);
  return (
    ts.isLiteralExpression(value) ||
    ts.isTemplateExpression(value) ||
    ts.isArrayLiteralExpression(value) ||
    ts.isObjectLiteralExpression(value) ||
    ts.isNewExpression(value) ||
    ts.isPrefixUnaryExpression(value) ||
    value.kind === SyntaxKind.TrueKeyword ||
    value.kind === SyntaxKind.FalseKeyword ||
    value.kind === SyntaxKind.NullKeyword ||
    (ts.isPropertyAccessExpression(value) && value.name.text === 'length') ||
    (ts.isBinaryExpression(value) && ARITHMETIC.has(value.operatorToken.kind))
  );
};

const ARITHMETIC: ReadonlySet<ts.SyntaxKind> = new Set([
  SyntaxKind.PlusToken,
  SyntaxKind.MinusToken,
  SyntaxKind.AsteriskToken,
  SyntaxKind.SlashToken,
  SyntaxKind.PercentToken,
  SyntaxKind.AmpersandToken,
  SyntaxKind.BarToken,
  SyntaxKind.GreaterThanGreaterThanToken,
  SyntaxKind.GreaterThanGreaterThanGreaterThanToken,
  SyntaxKind.LessThanLessThanToken,
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
    !ts.isStringLiteral(value) &&
    (tools.kindsOf(value) & (Kind.nullish | Kind.unknown | Kind.object | Kind.string)) !== 0 &&
    !exportsName(node, 'toNumber', tools)
  );
};

const isNumberPassedOn = (node: ts.Identifier, tools: Tools): boolean => {
  const { parent } = ts.getOriginalNode(node);
  return ts.isCallExpression(parent) && parent.expression !== ts.getOriginalNode(node) && isNumberFunction(node, tools);
};

const isNumberFunction = (node: ts.Expression, tools: Tools): boolean =>
  ts.isIdentifier(node) && node.text === 'Number' && libraryNames(node, tools).includes('Number');

/** The functions of Math take what is no number for one. */
const numbersFor = (
  { libraryName }: Helper,
  node: ts.CallExpression,
  lowered: ts.CallExpression,
  tools: Tools,
): readonly ts.Expression[] =>
  libraryName.startsWith('Math.') ? numbers(node.arguments, lowered.arguments, tools) : lowered.arguments;

const numbers = (
  written: readonly ts.Expression[],
  lowered: readonly ts.Expression[],
  tools: Tools,
): readonly ts.Expression[] =>
  lowered.map((value, index) => {
    const isNumber = ts.isSpreadElement(written[index]!) || onlyKinds(tools.kindsOf(written[index]!), Kind.number);
    return isNumber ? value : callHelper(tools, 'toNumber', value);
  });

/** A part that is given counts, also when it is undefined, whatever its type says. */
const dateParts = (
  written: readonly ts.Expression[],
  lowered: readonly ts.Expression[],
  tools: Tools,
): readonly ts.Expression[] =>
  lowered.map((value, index) =>
    ts.isSpreadElement(value) || isComputed(written[index]!) ? value : callHelper(tools, 'toNumber', value),
  );

/** A machine has no time zone: its time is UTC, as Node's is where TZ says so. The names of annex B mean those that took their place. */
const withOtherName = (
  node: ts.PropertyAccessExpression,
  lowered: ts.PropertyAccessExpression,
  tools: Tools,
): ts.Node | undefined => {
  const [name = ''] = libraryNames(node, tools);
  const other =
    OTHER_NAMES[name] ?? name.replace(/^Date#([gs]et)(?!UTC|Time$|TimezoneOffset$|Year$)(\w+)$/, 'Date#$1UTC$2');
  if (other === name) return undefined;
  const written = other.slice(other.indexOf('#') + 1);
  return ts.isPropertyAccessChain(lowered)
    ? factory.updatePropertyAccessChain(
        lowered,
        lowered.expression,
        lowered.questionDotToken,
        factory.createIdentifier(written),
      )
    : factory.updatePropertyAccessExpression(lowered, lowered.expression, factory.createIdentifier(written));
};

const OTHER_NAMES: Readonly<Record<string, string>> = {
  'String#trimLeft': 'String#trimStart',
  'String#trimRight': 'String#trimEnd',
};

/** `x?.toFixed(2)`, where it ends the chain. */
export const callIfPresent = (
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
