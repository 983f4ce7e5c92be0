// Built-ins that Porffor lacks or gets wrong, as calls of helpers in kernel/runtime.

import ts from 'typescript';
import { VALUE_RULES } from '../../dialect/values.ts';
import { libraryNames } from './library.ts';
import { bare, callHelper, on, type Rewrites, type Tools } from './walk.ts';

const { factory, SyntaxKind } = ts;

/** Helpers by the library's name. A method's helper takes the object first. */
const HELPERS: ReadonlyMap<string, string> = new Map([['Math.round', 'roundHalfUp']]);

/** Rewrites of calls and of functions used as values. */
export const builtInRewrites: Rewrites = new Map([
  on<ts.CallExpression>(SyntaxKind.CallExpression, (node, lowered, tools) => {
    const callee = bare(node.expression);
    const helper = helperOf(callee, tools);
    if (helper === undefined) return undefined;
    if (!helper.isMethod) return callHelper(tools, helper.name, ...lowered.arguments);
    const access = bare(lowered.expression);
    if (!ts.isPropertyAccessExpression(access)) return undefined;
    if (!ts.isOptionalChain(node)) return callHelper(tools, helper.name, access.expression, ...lowered.arguments);
    return callIfPresent(node, access.expression, helper.name, lowered.arguments, tools);
  }),
  on<ts.PropertyAccessExpression>(SyntaxKind.PropertyAccessExpression, (node, _lowered, tools) =>
    valueOfHelper(node, tools),
  ),
  on<ts.Identifier>(SyntaxKind.Identifier, (node, _lowered, tools) =>
    isName(node) ? undefined : valueOfHelper(node, tools),
  ),
]);

interface Helper {
  readonly name: string;
  readonly isMethod: boolean;
}

const helperOf = (node: ts.Expression, tools: Tools): Helper | undefined => {
  if (!ts.isPropertyAccessExpression(node) && !ts.isIdentifier(node)) return undefined;
  const names = libraryNames(node, tools);
  const helpers = new Set(names.map((name) => HELPERS.get(name)));
  const [name] = helpers;
  if (name === undefined && helpers.size < 2) return undefined;
  if (name === undefined || helpers.size > 1) {
    tools.reporter.report(node, VALUE_RULES.unclearMethod);
    return undefined;
  }
  return { name, isMethod: names.some((found) => found.includes('#')) };
};

/** A function of the library passed on: `list.map(Math.round)`. A method taken off its object has no meaning of its own here. */
const valueOfHelper = (node: ts.PropertyAccessExpression | ts.Identifier, tools: Tools): ts.Node | undefined => {
  if (isCalled(node)) return undefined;
  const helper = helperOf(node, tools);
  if (helper === undefined) return undefined;
  if (!helper.isMethod) return tools.runtime(helper.name);
  tools.reporter.report(node, VALUE_RULES.methodAsValue);
  return undefined;
};

/** `x?.toFixed(2)`, where it ends the chain. */
const callIfPresent = (
  node: ts.CallExpression,
  object: ts.Expression,
  helper: string,
  values: readonly ts.Expression[],
  tools: Tools,
): ts.Node | undefined => {
  if (ts.isOptionalChain(ts.getOriginalNode(node).parent)) {
    tools.reporter.report(node, VALUE_RULES.methodInChain);
    return undefined;
  }
  const present = factory.createUniqueName('present');
  const absent = factory.createBinaryExpression(
    factory.createBinaryExpression(present, SyntaxKind.EqualsEqualsEqualsToken, factory.createNull()),
    SyntaxKind.BarBarToken,
    factory.createBinaryExpression(present, SyntaxKind.EqualsEqualsEqualsToken, factory.createIdentifier('undefined')),
  );
  const guarded = factory.createConditionalExpression(
    absent,
    undefined,
    factory.createIdentifier('undefined'),
    undefined,
    callHelper(tools, helper, present, ...values),
  );
  const parameter = factory.createParameterDeclaration(undefined, undefined, present);
  const guard = factory.createArrowFunction(undefined, undefined, [parameter], undefined, undefined, guarded);
  return factory.createCallExpression(factory.createParenthesizedExpression(guard), undefined, [object]);
};

const isCalled = (node: ts.Node): boolean => {
  let child = ts.getOriginalNode(node);
  while (ts.isParenthesizedExpression(child.parent) || ts.isNonNullExpression(child.parent)) child = child.parent;
  return ts.isCallExpression(child.parent) && child.parent.expression === child;
};

/** An identifier that names a member or a declaration, and is no expression. */
const isName = (node: ts.Identifier): boolean => {
  const { parent } = ts.getOriginalNode(node);
  return (
    (ts.isPropertyAccessExpression(parent) &&
      parent.name.text === node.text &&
      parent.expression !== ts.getOriginalNode(node)) ||
    (ts.isPropertyAssignment(parent) && parent.name === ts.getOriginalNode(node))
  );
};
