// Error and its kin: every mention becomes a class of kernel/runtime/errors.ts, which is what Node's Error is.

import ts from 'typescript';
import { FLOW_RULES } from '../../dialect/flow.ts';
import type { LowerContext, Pass } from '../context.ts';
import { globalName, isLibrarySymbol, isValueReference } from './globals.ts';
import { standFor } from './nodes.ts';

const { factory } = ts;

/** The error classes of the language, by name. ECMA-262 §20.5 */
export const ERROR_CLASSES = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
  'EvalError',
  'URIError',
  'AggregateError',
]);

/** Lowers mentions of the error classes; refuses `stack`. */
export const lowerErrors: Pass = (lower) => (context) => (source) => {
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return node;
    if (ts.isCatchClause(node) || ts.isThrowStatement(node)) lower.runtime('adoptNativeError');
    if (ts.isPropertyAccessExpression(node)) refuseStack(node, lower);
    if (ts.isShorthandPropertyAssignment(node)) return lowerShorthand(node, lower);
    if (ts.isIdentifier(node) && isValueReference(node)) return errorClass(node, lower) ?? node;
    const visited = ts.visitEachChild(node, visit, context);
    return ts.isCallExpression(node) && errorClass(node.expression, lower)
      ? constructed(visited as ts.CallExpression)
      : visited;
  };
  return visit(source) as ts.SourceFile;
};

/** Returns the runtime's class for a mention of one of the language's; undefined for any other node. */
const errorClass = (node: ts.Node, lower: LowerContext): ts.Identifier | undefined => {
  if (!ts.isIdentifier(node) || !ERROR_CLASSES.has(node.text)) return undefined;
  const name = globalName(node, lower);
  if (name === undefined) return undefined;
  lower.runtime('adoptNativeError');
  return lower.runtime(`${name}Object`);
};

const lowerShorthand = (node: ts.ShorthandPropertyAssignment, lower: LowerContext): ts.Node => {
  if (!ERROR_CLASSES.has(node.name.text)) return node;
  const written = ts.getParseTreeNode(node);
  if (!isLibrarySymbol(written && lower.checker.getShorthandAssignmentValueSymbol(written))) return node;
  return standFor(factory.createPropertyAssignment(node.name, lower.runtime(`${node.name.text}Object`)), node);
};

/** `Error(text)` without new makes an error too. */
const constructed = (node: ts.CallExpression): ts.Expression =>
  standFor(factory.createNewExpression(node.expression, undefined, node.arguments), node);

const refuseStack = (node: ts.PropertyAccessExpression, lower: LowerContext): void => {
  if (node.name.text !== 'stack') return;
  const written = ts.getParseTreeNode(node, ts.isPropertyAccessExpression);
  if (written && isLibrarySymbol(lower.checker.getSymbolAtLocation(written.name)))
    lower.reporter.report(node, FLOW_RULES.stack);
};
