// Which names mean the language's own globals, whatever a program declares beside them.

import ts from 'typescript';
import type { LowerContext } from '../context.ts';

const LIBRARY_FILE = /\/lib\.[\w.]+\.d\.ts$/;

/** Tells whether `symbol` is declared by TypeScript's own library of the language. */
export const isLibrarySymbol = (symbol: ts.Symbol | undefined): boolean =>
  symbol?.declarations?.some((declaration) => LIBRARY_FILE.test(declaration.getSourceFile().fileName)) ?? false;

/** Returns the name of the language's global that `node` mentions; undefined for anything else. */
export const globalName = (node: ts.Node, lower: LowerContext): string | undefined => {
  const original = ts.getOriginalNode(node);
  if (!ts.isIdentifier(original) || original.parent === undefined) return undefined;
  const symbol = lower.checker.getSymbolAtLocation(original);
  return symbol?.escapedName === original.text && isLibrarySymbol(symbol) ? original.text : undefined;
};

/** Returns the name of the library type of `node`'s value, such as `Map`; undefined for a type of the program. */
export const libraryTypeName = (type: ts.Type): string | undefined => {
  const symbol = type.getSymbol();
  return isLibrarySymbol(symbol) ? symbol?.name : undefined;
};

/** Tells whether an identifier stands where a value is read, not where something is named or typed. */
export const isValueReference = (node: ts.Identifier): boolean => {
  const parent = node.parent;
  if (parent === undefined) return false;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) return parent.initializer === node;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  return !(ts.isDeclarationStatement(parent) && parent.name === node) && !ts.isMethodDeclaration(parent);
};
