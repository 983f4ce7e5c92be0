// Statements. Each is preceded by a #line directive, so that a debugger and the symbol table show the TypeScript.

import ts from 'typescript';
import { DEBUGGER } from '../debugger.ts';
import {
  DOES_NOT_FIT,
  EXCEPTION,
  LITERAL_OBJECT,
  NESTED_FUNCTION,
  NO_MACHINE_TYPE,
  SWITCH_CASE,
  SWITCH_DECLARATION,
  UNSUPPORTED_STATEMENT,
} from '../dialect/machine.ts';
import type { DialectRule } from '../dialect/rule.ts';
import { assignment, step } from './assign.ts';
import { call } from './call.ts';
import { condition } from './condition.ts';
import { constantValue, type FunctionContext, type IntegerValue, refuse } from './context.ts';
import { valueTo } from './convert.ts';
import { constantFits } from './initial.ts';
import { integer } from './integer.ts';
import { noteRefused, resolveType } from './module.ts';
import { localName } from './names.ts';
import { refuseExpression } from './refusal.ts';
import { bare, isAssignment, typeOf } from './type-of.ts';
import { declareLocal, FLOAT, type MachineType, typeName, WIDE } from './types.ts';

/** Compiles one statement into `context.lines`. `label` is the labelled statement whose body it is. */
const statement = (context: FunctionContext, node: ts.Statement, label?: ts.LabeledStatement): void => {
  if (ts.isBlock(node)) block(context, node);
  else if (ts.isLabeledStatement(node)) labeled(context, node);
  else if (!ts.isEmptyStatement(node) && !ts.isTypeAliasDeclaration(node) && !ts.isInterfaceDeclaration(node)) {
    line(context, node);
    placedStatement(context, node, label);
  }
};

const placedStatement = (
  context: FunctionContext,
  node: ts.Statement,
  label: ts.LabeledStatement | undefined,
): void => {
  if (ts.isVariableStatement(node)) declarations(context, node.declarationList);
  else if (ts.isExpressionStatement(node)) emit(context, `${discarded(context, node.expression)};`);
  else if (ts.isIfStatement(node)) choice(context, node);
  else if (ts.isForStatement(node)) forLoop(context, node, label);
  else if (ts.isWhileStatement(node)) whileLoop(context, node, label);
  else if (ts.isDoStatement(node)) doLoop(context, node, label);
  else if (ts.isSwitchStatement(node)) switchStatement(context, node);
  else if (ts.isReturnStatement(node)) returnStatement(context, node);
  else if (ts.isDebuggerStatement(node)) emit(context, `${DEBUGGER};`);
  else if (ts.isBreakStatement(node)) jump(context, node, 'break', 'end');
  else if (ts.isContinueStatement(node)) jump(context, node, 'continue', 'next');
  else refuseStatement(context, node);
};

const refuseStatement = (context: FunctionContext, node: ts.Statement): void => {
  if (ts.isTryStatement(node) || ts.isThrowStatement(node)) refuse(context, node, EXCEPTION);
  else if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) refuse(context, node, NESTED_FUNCTION);
  else refuse(context, node, UNSUPPORTED_STATEMENT);
};

const emit = (context: FunctionContext, text: string): void => {
  context.lines.push(text);
};

const line = (context: FunctionContext, node: ts.Node): void => {
  const { line: number } = context.file.getLineAndCharacterOfPosition(node.getStart(context.file));
  emit(context, `#line ${number + 1}`);
};

/** C labels belong to the whole function, so the name carries the place. */
const labelName = (node: ts.LabeledStatement): string => `hed_label_${node.label.text.replace(/\W/g, '_')}_${node.pos}`;

const jump = (
  context: FunctionContext,
  node: ts.BreakOrContinueStatement,
  keyword: string,
  target: 'next' | 'end',
): void => {
  const isTarget = (parent: ts.Node): parent is ts.LabeledStatement =>
    ts.isLabeledStatement(parent) && parent.label.text === node.label?.text;
  const labeledStatement = node.label === undefined ? undefined : ts.findAncestor(node, isTarget);
  emit(context, labeledStatement === undefined ? `${keyword};` : `goto ${labelName(labeledStatement)}_${target};`);
};

/** Compiles the statements of a block between braces. */
export const block = (context: FunctionContext, node: ts.Block): void => {
  emit(context, '{');
  for (const child of node.statements) statement(context, child);
  emit(context, '}');
};

/** A loop's body. The place behind it is where a labelled `continue` goes, and the place behind the loop where `break` goes. */
const body = (context: FunctionContext, node: ts.Statement, label: ts.LabeledStatement | undefined): void => {
  emit(context, '{');
  statement(context, node);
  if (label !== undefined) emit(context, `${labelName(label)}_next: __attribute__((unused));`);
  emit(context, '}');
};

const labeled = (context: FunctionContext, node: ts.LabeledStatement): void => {
  statement(context, node.statement, node);
  emit(context, `${labelName(node)}_end: __attribute__((unused));`);
};

const choice = (context: FunctionContext, node: ts.IfStatement): void => {
  emit(context, `if (${condition(context, node.expression).text}) {`);
  statement(context, node.thenStatement);
  emit(context, '}');
  if (node.elseStatement === undefined) return;
  emit(context, 'else {');
  statement(context, node.elseStatement);
  emit(context, '}');
};

const whileLoop = (context: FunctionContext, node: ts.WhileStatement, label: ts.LabeledStatement | undefined): void => {
  emit(context, `while (${condition(context, node.expression).text})`);
  body(context, node.statement, label);
};

const doLoop = (context: FunctionContext, node: ts.DoStatement, label: ts.LabeledStatement | undefined): void => {
  emit(context, 'do');
  body(context, node.statement, label);
  line(context, node.expression);
  emit(context, `while (${condition(context, node.expression).text});`);
};

const forLoop = (context: FunctionContext, node: ts.ForStatement, label: ts.LabeledStatement | undefined): void => {
  const { initializer, condition: test, incrementor } = node;
  emit(context, '{');
  if (initializer !== undefined && ts.isVariableDeclarationList(initializer)) declarations(context, initializer);
  else if (initializer !== undefined) emit(context, `${discarded(context, initializer)};`);
  const testText = test === undefined ? '' : condition(context, test).text;
  const stepText = incrementor === undefined ? '' : discarded(context, incrementor);
  emit(context, `for (; ${testText}; ${stepText})`);
  body(context, node.statement, label);
  emit(context, '}');
};

/** An expression whose value nobody uses. */
const discarded = (context: FunctionContext, node: ts.Expression): string => {
  const inner = bare(node);
  if (ts.isPrefixUnaryExpression(inner) || ts.isPostfixUnaryExpression(inner)) {
    const steps = inner.operator === ts.SyntaxKind.PlusPlusToken || inner.operator === ts.SyntaxKind.MinusMinusToken;
    if (steps) return step(context, inner, false).text;
  }
  if (ts.isBinaryExpression(inner)) {
    const operator = inner.operatorToken.kind;
    if (operator === ts.SyntaxKind.CommaToken)
      return `${discarded(context, inner.left)}, ${discarded(context, inner.right)}`;
    const assigns = isAssignment(operator);
    if (assigns) return assignment(context, inner).text;
  }
  if (ts.isCallExpression(inner)) return call(context, inner).text;
  const type = typeOf(context, inner);
  if (type?.kind === 'bool') return `(void)${condition(context, inner).text}`;
  return `(void)${type?.kind === 'float' ? valueTo(context, inner, FLOAT).text : integer(context, inner).text}`;
};

const returnStatement = (context: FunctionContext, node: ts.ReturnStatement): void => {
  if (node.expression === undefined) emit(context, 'return;');
  else returnValue(context, node.expression);
};

/** Compiles `return expression`, also of an arrow function without braces. */
export const returnValue = (context: FunctionContext, node: ts.Expression): void => {
  const { result } = context.definition;
  const isValue = result.kind !== 'void' && result.kind !== 'never';
  emit(context, isValue ? `return ${valueTo(context, node, result).text};` : `${discarded(context, node)}; return;`);
};

const declarations = (context: FunctionContext, list: ts.VariableDeclarationList): void => {
  if (!(list.flags & ts.NodeFlags.BlockScoped)) refuse(context, list, UNSUPPORTED_STATEMENT, 'var');
  for (const declaration of list.declarations) declare(context, declaration, (list.flags & ts.NodeFlags.Const) !== 0);
};

const declare = (context: FunctionContext, node: ts.VariableDeclaration, isConst: boolean): void => {
  const { name, initializer } = node;
  const isFunction =
    initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer));
  if (!ts.isIdentifier(name)) refuse(context, name, LITERAL_OBJECT, 'destructuring');
  else if (isFunction) refuseLocal(context, name, initializer, NESTED_FUNCTION);
  else {
    const constant = isConst && initializer !== undefined ? constantValue(context, initializer) : undefined;
    const type = declaredType(context, node, constant);
    if (type === undefined) undeclared(context, node, name);
    else if (constant !== undefined && !constantFits(constant, type)) {
      refuseLocal(context, name, node, DOES_NOT_FIT, `${constant} in place of ${typeName(type)}`);
    } else declareAs(context, node, type, isConst, constant);
  }
};

const declareAs = (
  context: FunctionContext,
  node: ts.VariableDeclaration,
  type: MachineType,
  isConst: boolean,
  constant: number | boolean | undefined,
): void => {
  const symbol = context.program.checker.getSymbolAtLocation(node.name)!;
  const name = localName(node.name.getText());
  const value = node.initializer === undefined ? undefined : valueTo(context, node.initializer, type);
  const range = isConst && value !== undefined && type.kind === 'integer' ? (value as IntegerValue).range : undefined;
  context.locals.set(symbol, { name, type, range, fixed: isConst, constant });
  emit(context, `${declareLocal(type, name)} = ${value?.text ?? '{0}'};`);
};

/** Explains a local without a type by what is wrong with its value, when something is. */
const undeclared = (context: FunctionContext, node: ts.VariableDeclaration, name: ts.Identifier): void => {
  const { initializer } = node;
  if (initializer !== undefined && node.type === undefined && typeOf(context, initializer) === undefined) {
    refuseExpression(context, initializer);
    noteRefused(context.program, name);
  } else refuseLocal(context, name, node, NO_MACHINE_TYPE, `${name.text} has no machine type`);
};

const refuseLocal = (
  context: FunctionContext,
  name: ts.Identifier,
  node: ts.Node,
  rule: DialectRule,
  what?: string,
): void => {
  refuse(context, node, rule, what);
  noteRefused(context.program, name);
};

/** The annotation, or the definite machine type of the value; a constant needs neither. */
const declaredType = (
  context: FunctionContext,
  node: ts.VariableDeclaration,
  constant: number | boolean | undefined,
): MachineType | undefined => {
  const type = resolveType(context.program, context.program.checker.getTypeAtLocation(node.name));
  if (node.type === undefined && typeof constant === 'number') return Number.isSafeInteger(constant) ? WIDE : FLOAT;
  return type?.kind === 'void' || type?.kind === 'never' || type?.kind === 'string' ? undefined : type;
};

const switchStatement = (context: FunctionContext, node: ts.SwitchStatement): void => {
  const isInteger = typeOf(context, node.expression)?.kind === 'integer';
  if (!isInteger) refuse(context, node.expression, SWITCH_CASE);
  emit(context, `switch (${isInteger ? integer(context, node.expression).text : '0'}) {`);
  const seen = new Set<number>();
  for (const clause of node.caseBlock.clauses) {
    line(context, clause);
    emit(context, ts.isDefaultClause(clause) ? 'default:;' : `case ${caseText(context, clause.expression, seen)}:;`);
    for (const child of clause.statements) {
      const declares = ts.isVariableStatement(child) || ts.isFunctionDeclaration(child) || ts.isClassDeclaration(child);
      if (declares) refuse(context, child, SWITCH_DECLARATION);
      statement(context, child);
    }
  }
  emit(context, '}');
};

const caseText = (context: FunctionContext, node: ts.Expression, seen: Set<number>): string => {
  const value = constantValue(context, node);
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || seen.has(value)) refuse(context, node, SWITCH_CASE);
  else seen.add(value);
  return `${Number(value)}LL`;
};
