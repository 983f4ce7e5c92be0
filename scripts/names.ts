// One name for each top-level declaration of the joined program.
//
// Modules are laid one behind the other in a single scope, so two modules may not both have a `size`. A name is kept when nothing else wants
// it, and gets a suffix `$2`, `$3` … otherwise. Local names are never changed; a top-level name makes way for them where it must.

import ts from 'typescript';
import type { Reporter } from './diagnostics.ts';
import { CLASS_NAME_TWICE, DESTRUCTURED_EXPORT, RESERVED_NAME } from './dialect/modules.ts';
import { isOwnFile } from './folders.ts';

/** The chosen names, by declaration. */
export type Names = ReadonlyMap<ts.Node, string>;

/** Names that the C below uses for itself, and the compiler's own object: only the runtime's modules may name that. */
const RESERVED = /^(MEM|Porffor|(porf|PORF|JV|hal|HAL|hed|HED|m)_\w*|.+\$(at)?\d+)$/;

/** Returns the names for all top-level values of `files`. Reports what cannot be named. */
export const chooseNames = (files: readonly ts.SourceFile[], checker: ts.TypeChecker, reporter: Reporter): Names => {
  const taken = namesToAvoid(files, checker, reporter);
  const names = new Map<ts.Node, string>();
  const used = new Set<string>();
  for (const file of files) {
    for (const { declaration, text } of topLevelValues(file, reporter)) {
      let name = text;
      const avoided = ts.isClassDeclaration(declaration) ? taken.byClasses : taken.byAll;
      for (let suffix = 2; used.has(name) || avoided.has(name); suffix++) name = `${text}$${suffix}`;
      if (name !== text && ts.isClassDeclaration(declaration))
        reporter.report(declaration, CLASS_NAME_TWICE, `class ${text}`);
      used.add(name);
      names.set(declaration, name);
    }
  }
  return names;
};

interface TopLevelValue {
  readonly declaration: ts.Node;
  readonly text: string;
}

/** Returns every value that the module declares at its top level, in order. */
const topLevelValues = (file: ts.SourceFile, reporter: Reporter): TopLevelValue[] => {
  const found: TopLevelValue[] = [];
  for (const statement of file.statements) {
    if (isAmbient(statement)) continue;
    if (ts.isVariableStatement(statement)) {
      for (const declaration of statement.declarationList.declarations) {
        if (ts.isIdentifier(declaration.name)) found.push({ declaration, text: declaration.name.text });
        else {
          if (isExported(statement)) reporter.report(statement, DESTRUCTURED_EXPORT);
          for (const element of boundNames(declaration.name)) found.push(element);
        }
      }
    } else if (ts.isFunctionDeclaration(statement) && statement.body === undefined) {
      // An overload's signature: the implementation follows.
    } else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement)
    ) {
      found.push({ declaration: statement, text: statement.name?.text ?? 'exported' });
    } else if (ts.isExportAssignment(statement)) {
      found.push({ declaration: statement, text: 'exported' });
    }
  }
  return found;
};

/** Returns the elements of a binding pattern, depth first. */
const boundNames = (pattern: ts.BindingPattern): TopLevelValue[] =>
  pattern.elements.flatMap((element) => {
    if (ts.isOmittedExpression(element)) return [];
    return ts.isIdentifier(element.name)
      ? [{ declaration: element, text: element.name.text }]
      : boundNames(element.name);
  });

/** The names that top-level values may not take. */
interface AvoidedNames {
  /** Globals of the language that some module uses, and every local name: Porffor mistakes a local function for a top-level one. */
  readonly byAll: ReadonlySet<string>;
  /** The same, without locals that cannot hide a class: a class must keep its name, which a program can print. */
  readonly byClasses: ReadonlySet<string>;
}

const namesToAvoid = (files: readonly ts.SourceFile[], checker: ts.TypeChecker, reporter: Reporter): AvoidedNames => {
  const globals = new Set<string>();
  const locals = new Set<string>();
  const aliased = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      if (isDeclaredName(node) && RESERVED.test(node.text) && !isRuntimeModule(node.getSourceFile()))
        reporter.report(node, RESERVED_NAME, `the name ${node.text}`);
      if (isDeclaredName(node) && !isTopLevel(node.parent)) locals.add(node.text);
      else if (isGlobal(node, checker)) globals.add(node.text);
    }
    if (ts.isImportSpecifier(node) && node.propertyName !== undefined) aliased.add(node.propertyName.text);
    if (ts.isImportClause(node) && node.name !== undefined) aliased.add('exported');
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(file);
  for (const name of aliased) if (locals.has(name)) globals.add(name);
  return { byAll: new Set([...globals, ...locals]), byClasses: globals };
};

const isGlobal = (node: ts.Identifier, checker: ts.TypeChecker): boolean => {
  if (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) return false;
  const declaration = checker.getSymbolAtLocation(node)?.valueDeclaration;
  return declaration?.getSourceFile().isDeclarationFile === true && isTopLevel(declaration);
};

const isDeclaredName = (node: ts.Identifier): boolean => {
  const parent = node.parent;
  return (
    (ts.isVariableDeclaration(parent) ||
      ts.isParameter(parent) ||
      ts.isBindingElement(parent) ||
      ts.isFunctionLike(parent) ||
      ts.isClassLike(parent)) &&
    parent.name === node &&
    !ts.isMethodDeclaration(parent) &&
    !ts.isAccessor(parent)
  );
};

/** Returns true when `declaration` stands directly in its module. */
const isTopLevel = (declaration: ts.Node): boolean => {
  let node = declaration;
  while (ts.isBindingElement(node) || ts.isObjectBindingPattern(node) || ts.isArrayBindingPattern(node))
    node = node.parent;
  // The variable of a loop or of a catch clause is local, even where the statement is not.
  if (ts.isVariableDeclaration(node)) {
    if (!ts.isVariableStatement(node.parent.parent)) return false;
    node = node.parent.parent;
  }
  return node.parent !== undefined && ts.isSourceFile(node.parent);
};

/** Returns true for a module of the language's own runtime, which stands in for the compiler and knows it. */
export const isRuntimeModule = (file: ts.SourceFile): boolean => isOwnFile(file.fileName, 'kernel/runtime/');

/** Returns true for a statement that only tells TypeScript something. */
export const isAmbient = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword) ?? false);

const isExported = (statement: ts.VariableStatement): boolean =>
  statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false;
