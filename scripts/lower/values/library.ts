// Names of the standard library, made from its declarations: `Math.round`, `JSON.parse`, `parseInt`, and `Number#toFixed` for a method.

import ts from 'typescript';
import { isOwnFile } from '../../folders.ts';
import type { Tools } from './walk.ts';

/**
 * Returns the names under which the library declares what `node` refers to; empty for anything that is not the library's. There are
 * several when the object is of a union type, and one for each interface that declares a method of the same object.
 */
export const libraryNames = (node: ts.Node, { checker }: Pick<Tools, 'checker'>): string[] => {
  const place = ts.isPropertyAccessExpression(node) ? node.name : node;
  return namesOf(checker.getSymbolAtLocation(ts.getOriginalNode(place)));
};

/** Returns the names under which the library declares a symbol. */
export const namesOf = (symbol: ts.Symbol | undefined): string[] => [
  ...new Set((symbol?.declarations ?? []).flatMap(nameOf)),
];

/** Tells whether the library's global of that name is meant. */
export const isGlobal = (node: ts.Node, name: string, tools: Tools): boolean =>
  ts.isIdentifier(node) && node.text === name && libraryNames(node, tools).includes(name);

/** Tells whether `node` is `timer[Symbol.toPrimitive]`: the one place where a well-known symbol names a method that is there. */
export const isTimerNumber = (node: ts.Node, tools: Pick<Tools, 'checker' | 'typeOf'>): boolean =>
  ts.isElementAccessExpression(node) &&
  libraryNames(node.argumentExpression, tools).includes('Symbol.toPrimitive') &&
  (tools.typeOf(node.expression).getSymbol()?.declarations ?? []).some(
    (declaration) =>
      isLibrary(declaration.getSourceFile()) && ts.getNameOfDeclaration(declaration)?.getText() === 'Timeout',
  );

const nameOf = (declaration: ts.Declaration): string[] => {
  if (!isLibrary(declaration.getSourceFile())) return [];
  const written = ts.getNameOfDeclaration(declaration);
  const name = written === undefined ? '' : ts.isStringLiteral(written) ? written.text : written.getText();
  const { parent } = declaration;
  if (!ts.isInterfaceDeclaration(parent)) return [name];
  // `Number.isInteger` is declared by NumberConstructor, `Number#toFixed` by Number; Math and JSON have no instances.
  const owner = parent.name.text.replace(/Constructor$/, '');
  const isStatic = owner !== parent.name.text || NAMESPACES.has(owner);
  return [`${owner}${isStatic ? '.' : '#'}${name}`];
};

const NAMESPACES = new Set(['Math', 'JSON', 'Console', 'Atomics', 'Reflect', 'Intl', 'Performance']);

const isLibrary = (file: ts.SourceFile): boolean =>
  file.isDeclarationFile
    ? /(^|\/)lib\.[\w.]+\.d\.ts$/.test(file.fileName)
    : isOwnFile(file.fileName, 'kernel/runtime/globals.ts');
