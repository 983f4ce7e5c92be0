// Local names that hide a name of an outer scope, and local functions that are called as one before them. Porffor takes one for the other when
// functions are involved, so the inner or later one gets another name. Names at the top of modules are kept apart by scripts/names.ts.

import ts from 'typescript';
import type { LowerContext, Pass } from '../context.ts';
import { symbolOf } from './globals.ts';
import { standFor } from './nodes.ts';

const { factory } = ts;

/** Renames the locals that hide another name. */
export const lowerShadows: Pass = (lower) => (context) => (source) => {
  const renamed = findShadows(ts.getOriginalNode(source, ts.isSourceFile), lower);
  if (renamed.size === 0) return source;
  const nameOf = (node: ts.Node): string | undefined => {
    const written = ts.getParseTreeNode(node);
    const symbol = written && ts.isIdentifier(written) ? symbolOf(written, lower) : undefined;
    return symbol && renamed.get(symbol);
  };
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    if (ts.isShorthandPropertyAssignment(node)) return lowerShorthand(node);
    if (ts.isBindingElement(node) && isShorthandElement(node)) return lowerElement(node);
    const name = ts.isIdentifier(node) ? nameOf(node) : undefined;
    return name === undefined
      ? ts.visitEachChild(node, visit, context)
      : standFor(factory.createIdentifier(name), node);
  };
  const lowerShorthand = (node: ts.ShorthandPropertyAssignment): ts.Node => {
    const name = nameOf(node.name);
    if (name === undefined) return ts.visitEachChild(node, visit, context);
    const value = standFor(factory.createIdentifier(name), node.name);
    const initial = ts.visitNode(node.objectAssignmentInitializer, visit) as ts.Expression | undefined;
    const key = factory.createIdentifier(node.name.text);
    return standFor(
      factory.createPropertyAssignment(key, initial ? factory.createAssignment(value, initial) : value),
      node,
    );
  };
  const lowerElement = (node: ts.BindingElement): ts.Node => {
    const written = node.name as ts.Identifier;
    const name = nameOf(written);
    if (name === undefined) return ts.visitEachChild(node, visit, context);
    const initial = ts.visitNode(node.initializer, visit) as ts.Expression | undefined;
    const key = factory.createIdentifier(written.text);
    return factory.updateBindingElement(
      node,
      undefined,
      key,
      standFor(factory.createIdentifier(name), written),
      initial,
    );
  };
  return ts.visitEachChild(source, visit, context);
};

/** `{ name }` in an object pattern. */
const isShorthandElement = (node: ts.BindingElement): boolean => {
  const written = ts.getParseTreeNode(node);
  const isInObject = written?.parent !== undefined && ts.isObjectBindingPattern(written.parent);
  return isInObject && !node.propertyName && !node.dotDotDotToken && ts.isIdentifier(node.name);
};

const findShadows = (source: ts.SourceFile, lower: LowerContext): ReadonlyMap<ts.Symbol, string> => {
  const found = new Map<ts.Symbol, string>();
  const functions = new Set<string>();
  const isSecondFunction = (node: ts.Node, name: string): boolean => {
    if (!isFunctionVariable(node)) return false;
    const isFirst = !functions.has(name) && lower.isFirstWithFunction(name, source);
    functions.add(name);
    return !isFirst;
  };
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    const name = declaredName(node);
    const symbol = name && lower.checker.getSymbolAtLocation(name);
    if (!symbol || ts.isSourceFile(scopeOf(node))) return;
    const isSecond = isSecondFunction(node, name.text);
    if (isSecond || hidesAnother(node, name.text, lower))
      found.set(symbol, lower.nameInModule(`${name.text}$in`, source, found.size + 1));
  };
  ts.forEachChild(source, visit);
  return found;
};

/** Returns the names of all variables in a module that are functions. */
export const functionVariablesOf = (source: ts.SourceFile): ReadonlySet<string> => {
  const known = functionVariables.get(source);
  if (known !== undefined) return known;
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (isFunctionVariable(node)) names.add(declaredName(node)?.text ?? '');
    ts.forEachChild(node, visit);
  };
  visit(source);
  functionVariables.set(source, names);
  return names;
};

const functionVariables = new WeakMap<ts.SourceFile, ReadonlySet<string>>();

const declaredName = (node: ts.Node): ts.Identifier | undefined => {
  const declares =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node);
  return declares && node.name && ts.isIdentifier(node.name) ? node.name : undefined;
};

/** `const f = () => …` */
const isFunctionVariable = (node: ts.Node): boolean =>
  ts.isVariableDeclaration(node) &&
  node.initializer !== undefined &&
  (ts.isArrowFunction(node.initializer) || ts.isFunctionExpression(node.initializer));

/** Tells whether the name means something else outside the scope of the declaration. */
const hidesAnother = (declaration: ts.Node, name: string, lower: LowerContext): boolean => {
  const meaning = ts.SymbolFlags.Value | ts.SymbolFlags.Alias;
  return lower.checker.resolveName(name, scopeOf(declaration).parent, meaning, false) !== undefined;
};

/** Returns the outermost node that the declaration's name is known in. A function and its body are one scope. */
const scopeOf = (declaration: ts.Node): ts.Node => {
  if (ts.isFunctionExpression(declaration)) return declaration;
  const scope = ts.findAncestor(declaration.parent, isScope)!;
  return ts.isBlock(scope) && ts.isFunctionLike(scope.parent) ? scope.parent : scope;
};

const isScope = (node: ts.Node): boolean =>
  ts.isSourceFile(node) ||
  ts.isFunctionLike(node) ||
  ts.isBlock(node) ||
  ts.isCaseBlock(node) ||
  ts.isCatchClause(node) ||
  ts.isClassStaticBlockDeclaration(node) ||
  ts.isIterationStatement(node, false);
