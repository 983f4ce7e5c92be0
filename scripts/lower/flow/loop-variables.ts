// Which variables of loops are shared between rounds, bodies and closures. Works on the tree as it was written.

import ts from 'typescript';
import { FLOW_RULES } from '../../dialect/flow.ts';
import type { LowerContext } from '../context.ts';
import { containsFunction, isFunctionBoundary, isLoop } from './nodes.ts';

/** A variable that needs a cell, declared by `let` or `const` in a loop. */
export interface SharedVariable {
  readonly name: ts.Identifier;
  readonly declaration: ts.VariableDeclaration;
  /** A closure mentions it before its declaration has run. */
  readonly isMentionedEarly: boolean;
}

interface LoopVariable {
  readonly name: ts.Identifier;
  readonly declaration: ts.VariableDeclaration;
  isCaptured: boolean;
  isAssigned: boolean;
  isMentionedEarly: boolean;
}

/** Returns, by symbol, the variables that a closure uses and that change, or start, after the closure was made. */
export const findSharedVariables = (
  source: ts.SourceFile,
  lower: LowerContext,
): ReadonlyMap<ts.Symbol, SharedVariable> => {
  const found = new Map<ts.Symbol, LoopVariable>();
  const collect = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && isBlockScoped(node) && loopAround(node)) {
      addNames(node, node.name, found, lower);
    }
    ts.forEachChild(node, collect);
  };
  const observe = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) note(node, found, lower);
    ts.forEachChild(node, observe);
  };
  collect(source);
  if (found.size > 0) observe(source);
  return new Map([...found].filter(([, variable]) => isShared(variable, lower)));
};

/** Returns the symbol of the variable that an identifier of the written tree mentions. */
export const symbolOf = (node: ts.Identifier, lower: LowerContext): ts.Symbol | undefined =>
  ts.isShorthandPropertyAssignment(node.parent)
    ? lower.checker.getShorthandAssignmentValueSymbol(node.parent)
    : lower.checker.getSymbolAtLocation(node);

/** Returns the names that a declaration binds. */
export const namesOf = (name: ts.BindingName): ts.Identifier[] =>
  ts.isIdentifier(name)
    ? [name]
    : name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(element.name) : []));

const addNames = (
  declaration: ts.VariableDeclaration,
  name: ts.BindingName,
  found: Map<ts.Symbol, LoopVariable>,
  lower: LowerContext,
): void => {
  for (const identifier of namesOf(name)) {
    const symbol = lower.checker.getSymbolAtLocation(identifier);
    const variable = { name: identifier, declaration, isCaptured: false, isAssigned: false, isMentionedEarly: false };
    if (symbol) found.set(symbol, variable);
  }
};

const note = (node: ts.Identifier, found: ReadonlyMap<ts.Symbol, LoopVariable>, lower: LowerContext): void => {
  const symbol = symbolOf(node, lower);
  const variable = symbol && found.get(symbol);
  if (!variable || node === variable.name) return;
  if (isAssignmentTarget(node) && !isInHeadOf(node, variable)) variable.isAssigned = true;
  if (functionAround(node) === functionAround(variable.declaration)) return;
  variable.isCaptured = true;
  if (node.pos < variable.declaration.end) variable.isMentionedEarly = true;
};

/** A catch variable and the variable of a for head cannot become cells; where they would have to, the program is refused. */
const isShared = (variable: LoopVariable, lower: LowerContext): boolean => {
  if (!variable.isCaptured) return false;
  const { parent } = variable.declaration;
  const head = ts.isForStatement(parent.parent) ? parent.parent : undefined;
  const isShared = variable.isAssigned || variable.isMentionedEarly || (head !== undefined && closesInHead(head));
  if (!isShared) return false;
  if (!head && !ts.isCatchClause(parent)) {
    const isPattern = !ts.isIdentifier(variable.declaration.name);
    if (isPattern && variable.isMentionedEarly) lower.reporter.report(variable.name, FLOW_RULES.earlyPattern);
    return true;
  }
  lower.reporter.report(variable.name, FLOW_RULES.changedLoopVariable);
  return false;
};

const closesInHead = (loop: ts.ForStatement): boolean =>
  [loop.initializer, loop.condition, loop.incrementor].some((part) => part !== undefined && containsFunction(part));

/** The update of a for loop acts on the variable of the round to come. */
const isInHeadOf = (node: ts.Node, variable: LoopVariable): boolean => {
  const loop = variable.declaration.parent.parent;
  if (!ts.isForStatement(loop)) return false;
  return node.pos < loop.statement.pos && functionAround(node) === functionAround(loop);
};

const isBlockScoped = (node: ts.VariableDeclaration): boolean =>
  ts.isCatchClause(node.parent) || (node.parent.flags & ts.NodeFlags.BlockScoped) !== 0;

const functionAround = (node: ts.Node): ts.Node => {
  let at = node.parent;
  while (!ts.isSourceFile(at) && !isFunctionBoundary(at)) at = at.parent;
  return at;
};

/** Returns the innermost loop of the same function that `node` is in. */
export const loopAround = (node: ts.Node): ts.IterationStatement | undefined => {
  for (let at = node.parent; !ts.isSourceFile(at) && !isFunctionBoundary(at); at = at.parent) if (isLoop(at)) return at;
  return undefined;
};

/** Tells whether the value at `node` is written: assigned, counted up or down, destructured into, or bound by a loop's head. */
export const isAssignmentTarget = (node: ts.Node): boolean => {
  const { parent } = node;
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
    return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
  }
  if (ts.isBinaryExpression(parent)) return parent.left === node && isAssignmentOperator(parent.operatorToken.kind);
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === node;
  if (ts.isShorthandPropertyAssignment(parent)) return isAssignmentTarget(parent.parent);
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node && isAssignmentTarget(parent.parent);
  if (ts.isSpreadAssignment(parent)) return isAssignmentTarget(parent.parent);
  const isWrapper = ts.isArrayLiteralExpression(parent) || ts.isSpreadElement(parent) || isTransparent(parent);
  return isWrapper && isAssignmentTarget(parent);
};

const isAssignmentOperator = (kind: ts.SyntaxKind): boolean =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;

const isTransparent = (node: ts.Node): boolean =>
  ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node);
