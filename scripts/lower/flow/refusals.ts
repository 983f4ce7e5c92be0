// What is refused by its shape alone: constructs that Porffor gets wrong and that have a plain equivalent.

import ts from 'typescript';
import { FLOW_RULES } from '../../dialect/flow.ts';
import type { DialectRule } from '../../dialect/rule.ts';
import type { LowerContext, Pass } from '../context.ts';
import { ERROR_CLASSES } from './errors.ts';
import { isLibrarySymbol } from './globals.ts';
import { isLoop } from './nodes.ts';

/** Reports them; changes nothing. */
export const refuseShapes: Pass = (lower) => () => (source) => {
  const visit = (node: ts.Node): void => {
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if ((ts.getCombinedModifierFlags(node as ts.Declaration) & ts.ModifierFlags.Ambient) !== 0) return;
    const rule = ruleFor(node, lower);
    if (rule) lower.reporter.report(node, rule);
    ts.forEachChild(node, visit);
  };
  const written = ts.getOriginalNode(source, ts.isSourceFile);
  for (const statement of written.statements) visit(statement);
  return source;
};

const ruleFor = (node: ts.Node, lower: LowerContext): DialectRule | undefined => {
  if (ts.isClassLike(node) && isInsideFunctionOrLoop(node)) return FLOW_RULES.innerClass;
  if (ts.isHeritageClause(node)) return extendsWrong(node, lower) ? FLOW_RULES.baseClass : undefined;
  if (ts.isConstructorDeclaration(node) && isSuperUnsure(node)) return FLOW_RULES.unsureSuper;
  if (ts.isDecorator(node)) return FLOW_RULES.decorator;
  if (node.kind === ts.SyntaxKind.AccessorKeyword) return FLOW_RULES.accessor;
  if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) return FLOW_RULES.var;
  if (ts.isModuleDeclaration(node) && ts.isIdentifier(node.name)) return FLOW_RULES.namespace;
  if (ts.isCaseOrDefaultClause(node) && node.statements.some(declaresName)) return FLOW_RULES.declarationInCase;
  if (ts.isLabeledStatement(node) && ts.isLabeledStatement(node.statement)) return FLOW_RULES.secondLabel;
  return isNamedLikeBuiltIn(node, lower) ? FLOW_RULES.builtInName : undefined;
};

const isInsideFunctionOrLoop = (node: ts.ClassLikeDeclaration): boolean =>
  ts.findAncestor(node.parent, (outer) => ts.isFunctionLike(outer) || isLoop(outer)) !== undefined;

/** A class extends a class of the program, by name, or an error class. */
const extendsWrong = (clause: ts.HeritageClause, lower: LowerContext): boolean => {
  const [base] = clause.types;
  if (clause.token !== ts.SyntaxKind.ExtendsKeyword || !base || !ts.isClassLike(clause.parent)) return false;
  if (!ts.isIdentifier(base.expression)) return true;
  const symbol = lower.checker.getSymbolAtLocation(base.expression);
  if (isLibrarySymbol(symbol)) return !ERROR_CLASSES.has(base.expression.text);
  const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? lower.checker.getAliasedSymbol(symbol) : symbol;
  return !target?.declarations?.some(ts.isClassLike);
};

/** The base constructor is surely called, and once, where its call is a statement of the body and the only one. */
const isSuperUnsure = ({ body, parent }: ts.ConstructorDeclaration): boolean => {
  const isDerived = parent.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword) ?? false;
  if (!isDerived || body === undefined) return false;
  const at = body.statements.findIndex(
    (statement) => ts.isExpressionStatement(statement) && isSuperCall(statement.expression),
  );
  return at < 0 || countOf(body, isSuperCall) > 1 || body.statements.slice(0, at).some(returns);
};

const isSuperCall = (node: ts.Node): boolean =>
  ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword;

const countOf = (node: ts.Node, isCounted: (node: ts.Node) => boolean): number => {
  let count = isCounted(node) ? 1 : 0;
  ts.forEachChild(node, (child) => {
    if (!ts.isClassLike(child)) count += countOf(child, isCounted);
  });
  return count;
};

const returns = (node: ts.Node): boolean =>
  ts.isReturnStatement(node) ||
  (!ts.isFunctionLike(node) && ts.forEachChild(node, (child) => returns(child) || undefined) === true);

const declaresName = (node: ts.Statement): boolean =>
  ts.isVariableStatement(node) || ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node);

/** The classes and functions of the language that Porffor resolves by name alone. */
const isNamedLikeBuiltIn = (node: ts.Node, lower: LowerContext): boolean => {
  const isDeclaration =
    ts.isClassLike(node) || ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node) || ts.isParameter(node);
  if (!isDeclaration || !node.name || !ts.isIdentifier(node.name)) return false;
  const global = lower.checker.resolveName(node.name.text, undefined, ts.SymbolFlags.Value, false);
  return /^[A-Z]/.test(node.name.text) && isLibrarySymbol(global);
};
