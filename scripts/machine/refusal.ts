// Which rule an expression breaks that the machine language does not have.

import ts from 'typescript';
import {
  ASYNC_FUNCTION,
  CONTROL_IMPORT,
  FUNCTION_VALUE,
  LITERAL_OBJECT,
  NESTED_FUNCTION,
  RECORD_MADE,
  STRING_VALUE,
  UNKNOWN_NAME,
  UNSUPPORTED_EXPRESSION,
} from '../dialect/machine.ts';
import type { DialectRule } from '../dialect/rule.ts';
import { type FunctionContext, type IntegerValue, NOTHING, refuse } from './context.ts';
import { definitionOf, symbolOf, usesRefused } from './module.ts';

/** Refuses an expression by the rule that explains it best. */
export const refuseExpression = (context: FunctionContext, node: ts.Expression): IntegerValue => {
  if (usesRefused(context.program, node)) return NOTHING;
  if (ts.isIdentifier(node)) return refuse(context, node, ruleForName(context, node), `the name ${node.text}`);
  const rule = RULES.find(([matches]) => matches(node))?.[1];
  if (rule !== undefined) return refuse(context, node, rule);
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) {
    return refuse(context, node, ruleForMember(context, node), `the expression ${shortened(node)}`);
  }
  return refuse(context, node, UNSUPPORTED_EXPRESSION, `the expression ${shortened(node)}`);
};

const RULES: readonly (readonly [(node: ts.Expression) => boolean, DialectRule])[] = [
  [
    (node) => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isTaggedTemplateExpression(node),
    STRING_VALUE,
  ],
  [(node) => ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isClassExpression(node), NESTED_FUNCTION],
  [
    (node) => ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node) || ts.isSpreadElement(node),
    LITERAL_OBJECT,
  ],
  [(node) => ts.isNewExpression(node), RECORD_MADE],
  [(node) => ts.isAwaitExpression(node) || ts.isYieldExpression(node), ASYNC_FUNCTION],
];

const ruleForName = (context: FunctionContext, node: ts.Identifier): DialectRule => {
  const found = definitionOf(context.program, node);
  if (found?.kind === 'function' || found?.kind === 'record' || found?.kind === 'enum') return FUNCTION_VALUE;
  const source = symbolOf(context.program.checker, node)?.valueDeclaration?.getSourceFile();
  const isStranger = source === undefined || source.isDeclarationFile || source === context.file;
  return isStranger ? UNKNOWN_NAME : CONTROL_IMPORT;
};

/** `Math.random()` is an unknown name, `queue.push` a function as a value, `handlers[0]()` nothing the language has. */
const ruleForMember = (
  context: FunctionContext,
  node: ts.PropertyAccessExpression | ts.CallExpression,
): DialectRule => {
  const callee = ts.isCallExpression(node) ? node.expression : node;
  if (ts.isIdentifier(callee)) return ruleForName(context, callee);
  if (!ts.isPropertyAccessExpression(callee)) return UNSUPPORTED_EXPRESSION;
  if (definitionOf(context.program, callee.name)?.kind === 'function') return FUNCTION_VALUE;
  const source = symbolOf(context.program.checker, callee.name)?.valueDeclaration?.getSourceFile();
  return source?.isDeclarationFile === true ? UNKNOWN_NAME : UNSUPPORTED_EXPRESSION;
};

const shortened = (node: ts.Node): string => {
  const text = node.getText().replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};
