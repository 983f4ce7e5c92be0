// Constants of ordinary modules: `const SECTOR_SIZE = 512` at top level is written as its value wherever it is used. Porffor would keep it in a
// variable of unknown type, read it at each use and look at its type again.

import ts from 'typescript';
import { evaluate } from '../machine/constant.ts';
import type { LowerContext, Pass } from './context.ts';

type Constant = number | string | boolean;
const f = ts.factory;

/** Replaces the names of constants by their values, and drops their declarations. Runs when modules are joined. */
export const constantPass: Pass = (context) => (transformation) => {
  const known = new Map<ts.Node, Constant | undefined>();
  const valueOf = (name: ts.Node, symbol: ts.Symbol | undefined): Constant | undefined => {
    const declaration = symbol === undefined ? undefined : resolved(symbol, context.checker).valueDeclaration;
    if (declaration === undefined || !isTopLevelConstant(declaration) || declaration === name.parent) return undefined;
    return constantOf(declaration);
  };
  const constantOf = (declaration: PlainDeclaration): Constant | undefined => {
    if (known.has(declaration)) return known.get(declaration);
    known.set(declaration, undefined); // What refers to itself is no constant.
    const { initializer } = declaration;
    const value = ts.isStringLiteralLike(initializer)
      ? initializer.text
      : evaluate(initializer, context.checker, (name) =>
          numberOf(valueOf(name, context.checker.getSymbolAtLocation(name))),
        );
    known.set(declaration, value);
    return value;
  };

  const visit: ts.Visitor = (node) => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    if (ts.isShorthandPropertyAssignment(node)) {
      const original = ts.getOriginalNode(node);
      const value = valueOf(original, context.checker.getShorthandAssignmentValueSymbol(original));
      return value === undefined ? node : from(f.createPropertyAssignment(node.name.text, literal(value)), node);
    }
    if (ts.isIdentifier(node)) {
      const name = reference(node);
      const value = name === undefined ? undefined : valueOf(name, context.checker.getSymbolAtLocation(name));
      return value === undefined ? node : from(literal(value), node);
    }
    return ts.visitEachChild(node, visit, transformation);
  };

  const visitStatement = (statement: ts.Statement): ts.Statement | undefined => {
    if (!ts.isVariableStatement(statement)) return ts.visitNode(statement, visit, ts.isStatement);
    const { declarationList: list } = statement;
    const kept = list.declarations.filter((declaration) => {
      const original = ts.getOriginalNode(declaration);
      return !isTopLevelConstant(original) || constantOf(original) === undefined;
    });
    if (kept.length === 0) return undefined;
    const rest = kept.length === list.declarations.length ? list : f.updateVariableDeclarationList(list, kept);
    return ts.visitEachChild(f.updateVariableStatement(statement, statement.modifiers, rest), visit, transformation);
  };

  return (file) =>
    f.updateSourceFile(
      file,
      file.statements.flatMap((statement) => visitStatement(statement) ?? []),
    );
};

type PlainDeclaration = ts.VariableDeclaration & { readonly name: ts.Identifier; readonly initializer: ts.Expression };

const isTopLevelConstant = (node: ts.Node): node is PlainDeclaration =>
  ts.isVariableDeclaration(node) &&
  ts.isIdentifier(node.name) &&
  node.initializer !== undefined &&
  node.parent !== undefined &&
  (node.parent.flags & ts.NodeFlags.Const) !== 0 &&
  ts.isVariableStatement(node.parent.parent) &&
  ts.isSourceFile(node.parent.parent.parent);

const resolved = (symbol: ts.Symbol, checker: LowerContext['checker']): ts.Symbol =>
  (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;

const numberOf = (value: Constant | undefined): number | boolean | undefined =>
  typeof value === 'string' ? undefined : value;

/** Returns the name in the source that an identifier stands for, when it is a use of a variable. */
const reference = (node: ts.Identifier): ts.Identifier | undefined => {
  const original = ts.getOriginalNode(node);
  const name = ts.isPropertyAccessExpression(original) ? original.name : original; // The member of a namespace.
  if (!ts.isIdentifier(name) || name.parent === undefined) return undefined;
  const { parent } = name;
  if (name === original && ts.isPropertyAccessExpression(parent) && parent.name === name) return undefined;
  const isDeclared =
    ('name' in parent && parent.name === name && !ts.isPropertyAccessExpression(parent)) ||
    (ts.isBindingElement(parent) && parent.propertyName === name);
  return isDeclared || ts.isExportSpecifier(parent) || ts.isImportSpecifier(parent) ? undefined : name;
};

const from = <T extends ts.Node>(made: T, node: ts.Node): T =>
  ts.setTextRange(ts.setOriginalNode(made, ts.getOriginalNode(node)), node);

const literal = (value: Constant): ts.Expression => {
  if (typeof value === 'string') return f.createStringLiteral(value);
  if (typeof value === 'boolean') return value ? f.createTrue() : f.createFalse();
  if (Number.isNaN(value)) return f.createIdentifier('NaN');
  const magnitude = Number.isFinite(value) ? f.createNumericLiteral(Math.abs(value)) : f.createIdentifier('Infinity');
  const isNegative = value < 0 || Object.is(value, -0);
  return isNegative
    ? f.createParenthesizedExpression(f.createPrefixUnaryExpression(ts.SyntaxKind.MinusToken, magnitude))
    : magnitude;
};
