// Which names mean the language's own globals, whatever a program declares beside them.

import ts from 'typescript';
import type { LowerContext } from '../context.ts';

const LIBRARY_FILE = /\/lib\.[\w.]+\.d\.ts$|\/kernel\/runtime\/globals\.ts$/;

/** Tells whether `symbol` is declared by TypeScript's own library of the language. */
export const isLibrarySymbol = (symbol: ts.Symbol | undefined): boolean =>
  symbol?.declarations?.some((declaration) => LIBRARY_FILE.test(declaration.getSourceFile().fileName)) ?? false;

/** Returns the name of the language's global that `node` mentions; undefined for anything else. */
export const globalName = (node: ts.Node, lower: LowerContext): string | undefined => {
  const written = ts.getParseTreeNode(node);
  if (!written || !ts.isIdentifier(written)) return undefined;
  const symbol = lower.checker.getSymbolAtLocation(written);
  return symbol?.escapedName === written.text && isLibrarySymbol(symbol) ? written.text : undefined;
};

/** Returns the name of the library type of `node`'s value, such as `Map`; undefined for a type of the program. */
export const libraryTypeName = (type: ts.Type): string | undefined => {
  const symbol = type.getSymbol();
  return isLibrarySymbol(symbol) ? symbol?.name : undefined;
};

/** Tells whether an identifier of the program stands where a value is read, not where something is named. */
export const isValueReference = (node: ts.Identifier): boolean => {
  const written = ts.getParseTreeNode(node, ts.isIdentifier);
  if (!written) return false;
  const { parent } = written;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === written;
  if (ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) return parent.initializer === written;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  return !(ts.isDeclarationStatement(parent) && parent.name === written) && !ts.isMethodDeclaration(parent);
};

/** Returns the symbol of the variable that an identifier of the written tree mentions. */
export const symbolOf = (node: ts.Identifier, lower: LowerContext): ts.Symbol | undefined =>
  ts.isShorthandPropertyAssignment(node.parent)
    ? lower.checker.getShorthandAssignmentValueSymbol(node.parent)
    : lower.checker.getSymbolAtLocation(node);
