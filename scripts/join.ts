// The first lowering pass: takes a module out of its file. Imports and exports go, and every use of a top-level name becomes
// the name that it has in the joined program.

import ts from 'typescript';
import {
  ASSERT_VALUE,
  MACHINE_ONLY,
  MISSING_VALUE,
  NAMESPACE_VALUE,
  RENEWAL,
  RUNTIME_IMPORT,
} from './dialect/modules.ts';
import type { LowerContext, Pass } from './lower/context.ts';
import { isAmbient, isRuntimeModule } from './names.ts';
import { isKnownModule } from './program.ts';

/** Returns the name of a top-level declaration in the joined program; undefined when it keeps its own or is none of ours. */
export type NameOf = (declaration: ts.Node) => string | undefined;

/** Returns the pass that joins modules into one scope. */
export const joinPass =
  (nameOf: NameOf): Pass =>
  (context) =>
  (transformation) => {
    const resolve = (symbol: ts.Symbol | undefined): string | undefined => {
      const declaration = resolved(symbol, context.checker)?.declarations?.find((found) => nameOf(found) !== undefined);
      return declaration && nameOf(declaration);
    };

    const visit: ts.Visitor = (node) => {
      if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
      refuse(node, context);
      if (ts.isMetaProperty(node)) return node; // `target` in new.target is no name.
      if (ts.isStatement(node) && node.parent !== undefined && ts.isSourceFile(node.parent)) return visitTopLevel(node);
      if (ts.isShorthandPropertyAssignment(node)) {
        const name = resolve(context.checker.getShorthandAssignmentValueSymbol(node));
        if (name === undefined || name === node.name.text) return node;
        return original(ts.factory.createPropertyAssignment(node.name.text, identifier(name, node.name)), node);
      }
      if (
        ts.isBindingElement(node) &&
        ts.isObjectBindingPattern(node.parent) &&
        ts.isIdentifier(node.name) &&
        node.propertyName === undefined &&
        !node.dotDotDotToken
      ) {
        const name = nameOf(node);
        if (name !== undefined && name !== node.name.text) {
          const initializer = ts.visitNode(node.initializer, visit, ts.isExpression);
          return original(
            ts.factory.createBindingElement(undefined, node.name.text, identifier(name, node.name), initializer),
            node,
          );
        }
      }
      if (ts.isPropertyAccessExpression(node) && isNamespace(node.expression, context.checker)) {
        const name = resolve(context.checker.getSymbolAtLocation(node.name));
        if (name !== undefined) return identifier(name, node);
      }
      if (ts.isIdentifier(node)) return renamed(node);
      return ts.visitEachChild(node, visit, transformation);
    };

    const renamed = (node: ts.Identifier): ts.Identifier => {
      if (node.parent === undefined) return node;
      if (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) return node;
      const symbol = context.checker.getSymbolAtLocation(node);
      if (isNamespace(node, context.checker)) context.reporter.report(node, NAMESPACE_VALUE, node.text);
      const name = resolve(symbol);
      return name === undefined || name === node.text ? node : identifier(name, node);
    };

    const visitTopLevel = (statement: ts.Statement): ts.VisitResult<ts.Node | undefined> => {
      if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement) || isRequire(statement))
        return undefined;
      if (ts.isExportAssignment(statement)) {
        const value = ts.visitNode(statement.expression, visit, ts.isExpression);
        const declaration = ts.factory.createVariableDeclaration(
          nameOf(statement) ?? 'exported',
          undefined,
          undefined,
          value,
        );
        const list = ts.factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
        return original(ts.factory.createVariableStatement(undefined, list), statement);
      }
      const inner = ts.visitEachChild(statement, visit, transformation);
      return withoutExport(inner, nameOf(statement));
    };

    return (file) => ts.visitEachChild(file, visit, transformation);
  };

/** Refuses what cannot live in a joined program. */
const refuse = (node: ts.Node, context: LowerContext): void => {
  const { reporter } = context;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    reporter.report(node, RUNTIME_IMPORT);
  if (ts.isIdentifier(node)) refuseKnownName(node, context);
  if (ts.isImportDeclaration(node) && node.importClause?.phaseModifier === ts.SyntaxKind.DeferKeyword)
    reporter.report(node, RUNTIME_IMPORT, 'import defer');
  if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
    reporter.report(node, RUNTIME_IMPORT, 'import.meta');
  if (ts.isStatement(node) && isAmbient(node) && declaresValue(node) && !isRuntimeModule(node.getSourceFile()))
    reporter.report(node, MISSING_VALUE);
};

/** `fixedArray` has no meaning in the control plane, `assert` and `renew` only where they are called. */
const refuseKnownName = (node: ts.Identifier, { checker, reporter }: LowerContext): void => {
  if (!KNOWN_NAMES.has(node.text) || ts.isImportSpecifier(node.parent)) return;
  const declaration = resolved(checker.getSymbolAtLocation(node), checker)?.valueDeclaration;
  if (declaration === undefined || !isKnownModule(declaration.getSourceFile())) return;
  if (node.text === 'fixedArray') reporter.report(node, MACHINE_ONLY);
  else if (!ts.isCallExpression(node.parent) || node.parent.expression !== node)
    reporter.report(node, node.text === 'assert' ? ASSERT_VALUE : RENEWAL);
};

const KNOWN_NAMES: ReadonlySet<string> = new Set(['fixedArray', 'assert', 'renew']);

const declaresValue = (statement: ts.Statement): boolean =>
  ts.isVariableStatement(statement) ||
  ts.isFunctionDeclaration(statement) ||
  ts.isClassDeclaration(statement) ||
  ts.isEnumDeclaration(statement);

/** Returns the statement without `export` and `default`, under its new name when it was exported without one. */
const withoutExport = (statement: ts.Statement, name: string | undefined): ts.Statement => {
  if (!ts.canHaveModifiers(statement)) return statement;
  const kept = statement.modifiers?.filter(
    (modifier) => modifier.kind !== ts.SyntaxKind.ExportKeyword && modifier.kind !== ts.SyntaxKind.DefaultKeyword,
  );
  if (kept?.length === statement.modifiers?.length) return statement;
  const f = ts.factory;
  if (ts.isVariableStatement(statement)) return f.updateVariableStatement(statement, kept, statement.declarationList);
  if (ts.isFunctionDeclaration(statement))
    return f.updateFunctionDeclaration(
      statement,
      kept,
      statement.asteriskToken,
      statement.name ?? f.createIdentifier(name ?? 'exported'),
      statement.typeParameters,
      statement.parameters,
      statement.type,
      statement.body,
    );
  if (ts.isClassDeclaration(statement))
    return f.updateClassDeclaration(
      statement,
      kept,
      statement.name ?? f.createIdentifier(name ?? 'exported'),
      statement.typeParameters,
      statement.heritageClauses,
      statement.members,
    );
  if (ts.isEnumDeclaration(statement))
    return f.updateEnumDeclaration(statement, kept, statement.name, statement.members);
  return statement;
};

/** `import x = require('…')`, which TypeScript refuses in a module. */
const isRequire = (statement: ts.Statement): boolean =>
  ts.isImportEqualsDeclaration(statement) && ts.isExternalModuleReference(statement.moduleReference);

const resolved = (symbol: ts.Symbol | undefined, checker: ts.TypeChecker): ts.Symbol | undefined =>
  symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;

/** Tells whether an expression is a module: `import * as x`, or `export * as x` of another. */
const isNamespace = (node: ts.Expression, checker: ts.TypeChecker): boolean => {
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return false;
  const name = ts.isIdentifier(node) ? node : node.name;
  return resolved(checker.getSymbolAtLocation(name), checker)?.declarations?.some(ts.isSourceFile) ?? false;
};

const identifier = (name: string, node: ts.Node): ts.Identifier => original(ts.factory.createIdentifier(name), node);

const original = <T extends ts.Node>(made: T, from: ts.Node): T =>
  ts.setTextRange(ts.setOriginalNode(made, from), from);
