// console.log and its like become writes to the machine's console. What Node would print is put together from the checked types, so that
// a line of strings and numbers links nothing of the formatter of objects.
//
//   console.log('size', n)      writeLine(`size ${numberText(n)}`)
//   console.log(object)         writeLine(inspect(object))
//   console.log(text, object)   writeLine(formatted(text, [object]))      text may hold %d, %s …
//   list.forEach(console.log)   list.forEach(logValues)

import ts from 'typescript';
import { VALUE_RULES } from '../../dialect/values.ts';
import { Kind, onlyKinds, PRIMITIVE } from './kinds.ts';
import { isGlobal, libraryNames } from './library.ts';
import { joinAsTemplate } from './templates.ts';
import { bare, callHelper, on, type Rewrites, type Tools } from './walk.ts';

const { factory, SyntaxKind } = ts;

/** Rewrites of console. */
export const consoleRewrites: Rewrites = new Map([
  on<ts.CallExpression>(SyntaxKind.CallExpression, (node, lowered, tools) => {
    if (!isConsoleMethod(node.expression, tools)) return undefined;
    return callHelper(tools, 'writeLine', lineOf(node.arguments, lowered.arguments, tools));
  }),
  on<ts.PropertyAccessExpression>(SyntaxKind.PropertyAccessExpression, (node, _lowered, tools) => {
    if (!isConsoleMethod(node, tools) || isCallee(node)) return undefined;
    return tools.runtime('logValues');
  }),
  on<ts.Identifier>(SyntaxKind.Identifier, (node, _lowered, tools) => {
    if (node.text === 'console' && !isObjectOfMember(node) && isGlobal(node, 'console', tools))
      tools.reporter.report(node, VALUE_RULES.consoleUse);
    return undefined;
  }),
]);

const isConsoleMethod = (node: ts.Expression, tools: Tools): boolean =>
  ts.isPropertyAccessExpression(node) && libraryNames(node, tools).some((name) => name.startsWith('Console.'));

const isCallee = (node: ts.Expression): boolean => {
  const original = ts.getOriginalNode(node);
  return ts.isCallExpression(original.parent) && original.parent.expression === original;
};

const isObjectOfMember = (node: ts.Identifier): boolean => {
  const original = ts.getOriginalNode(node);
  return ts.isPropertyAccessExpression(original.parent) || ts.isTypeQueryNode(original.parent);
};

/** Returns the expression of the line's text. */
const lineOf = (nodes: readonly ts.Expression[], values: readonly ts.Expression[], tools: Tools): ts.Expression => {
  if (nodes.some(ts.isSpreadElement))
    return callHelper(tools, 'formatted', factory.createArrayLiteralExpression(values));
  if (mayHoldDirectives(nodes, tools)) {
    const simple = nodes.every((node) => onlyKinds(tools.kindsOf(node), PRIMITIVE));
    return callHelper(
      tools,
      simple ? 'formattedPrimitives' : 'formatted',
      factory.createArrayLiteralExpression(values),
    );
  }
  if (mayChangeLater(nodes, tools)) return callHelper(tools, 'formatted', factory.createArrayLiteralExpression(values));
  return nodes.reduce<ts.Expression>((line, node, index) => {
    const separated = index === 0 ? line : joinAsTemplate(line, factory.createStringLiteral(' '));
    return joinAsTemplate(separated, textOf(node, values[index]!, tools));
  }, factory.createStringLiteral(''));
};

/** An object is shown as it is when all values are there: a later one may have changed it. */
const mayChangeLater = (nodes: readonly ts.Expression[], tools: Tools): boolean => {
  const object = nodes.findIndex((node) => !onlyKinds(tools.kindsOf(node), PRIMITIVE));
  return object >= 0 && nodes.slice(object + 1).some((node) => !isInert(node));
};

const isInert = (node: ts.Expression): boolean => {
  const inner = bare(node);
  if (ts.isLiteralExpression(inner) || ts.isIdentifier(inner)) return true;
  if (ts.isArrayLiteralExpression(inner)) return inner.elements.every(isInert);
  return ts.isPropertyAccessExpression(inner) && isInert(inner.expression);
};

/** The first of several values is a format when it is a string with a %. */
const mayHoldDirectives = (nodes: readonly ts.Expression[], tools: Tools): boolean => {
  const first = nodes[0];
  if (first === undefined || nodes.length < 2 || !(tools.kindsOf(first) & (Kind.string | Kind.unknown))) return false;
  const literal = bare(first);
  if (ts.isStringLiteralLike(literal)) return literal.text.includes('%');
  return !isOneWord(tools.typeOf(first));
};

/** A type of string literals, none of which holds a %. */
const isOneWord = (type: ts.Type): boolean =>
  (type.isUnion() ? type.types : [type]).every((member) => member.isStringLiteral() && !member.value.includes('%'));

const textOf = (node: ts.Expression, value: ts.Expression, tools: Tools): ts.Expression => {
  const kinds = tools.kindsOf(node);
  if (kinds === Kind.string || onlyKinds(kinds, Kind.string | Kind.boolean | Kind.nullish)) return value;
  if (onlyKinds(kinds, PRIMITIVE))
    return ts.isNumericLiteral(value) ? value : callHelper(tools, 'primitiveText', value);
  return callHelper(tools, 'valueText', value);
};
