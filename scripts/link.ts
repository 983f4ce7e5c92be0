// Which statements of kernel/runtime a program needs. A pass that calls a helper asks for it by name; with it comes what it uses, and
// nothing else: what stands in an image is translated, loaded and run.

import ts from 'typescript';
import type { LowerContext, Pass } from './lower/context.ts';
import { isTaskNote } from './lower/tasks.ts';
import { isKnownModule, isMachineModule, type Project } from './program.ts';

/** The helpers of one program. */
export interface Linker {
  /** Returns the declaration of an exported helper, which is needed from now on. */
  need(name: string): ts.Node;
  /** The modules that something was needed of, and of each the statements. Both grow while modules are lowered. */
  readonly needed: ReadonlyMap<ts.SourceFile, ReadonlySet<ts.Statement>>;
}

/** Returns a linker that has linked nothing yet. */
export const createLinker = (project: Project): Linker => {
  const needed = new Map<ts.SourceFile, Set<ts.Statement>>();
  // A program may import a runtime module itself: then all of it is there.
  const isLinked = (file: ts.SourceFile): boolean =>
    project.runtime.includes(file) && !isMachineModule(file) && !isKnownModule(file);

  const add = (statement: ts.Statement): void => {
    const file = statement.getSourceFile();
    if (!isLinked(file)) return;
    const statements = needed.get(file) ?? new Set();
    if (statements.has(statement)) return;
    const isFirst = statements.size === 0;
    needed.set(file, statements.add(statement));
    if (isFirst) file.statements.filter(isEffect).forEach(add);
    addUses(statement);
  };

  const addUses = (node: ts.Node): void => {
    if (!project.traced && isTaskNote(node, project.checker)) return;
    if (ts.isIdentifier(node)) {
      const declaration = valueOf(node, project.checker);
      const statement = declaration && topLevelStatement(declaration);
      if (statement !== undefined) add(statement);
    }
    ts.forEachChild(node, addUses);
  };

  return {
    needed,
    need(name) {
      const declaration = exportedHelper(project, name);
      const statement = topLevelStatement(declaration);
      if (statement !== undefined) add(statement);
      return declaration;
    },
  };
};

/** Returns the pass that leaves the statements of helpers out that nobody needs. It comes first. */
export const needPass =
  (linker: Linker): Pass =>
  (_: LowerContext) =>
  () =>
  (file) => {
    const statements = linker.needed.get(file);
    return statements === undefined
      ? file
      : ts.factory.updateSourceFile(
          file,
          file.statements.filter((statement) => statements.has(statement)),
        );
  };

const exportedHelper = (project: Project, name: string): ts.Node => {
  for (const file of [...project.helpers, ...project.control]) {
    const module = project.checker.getSymbolAtLocation(file);
    const declaration = module?.exports?.get(ts.escapeLeadingUnderscores(name))?.valueDeclaration;
    if (declaration !== undefined) return declaration;
  }
  throw new Error(`kernel/runtime exports no ${name}`);
};

/** True for a statement that does something when the module is run, whoever needs it. */
const isEffect = (statement: ts.Statement): boolean =>
  !ts.isVariableStatement(statement) &&
  !ts.isFunctionDeclaration(statement) &&
  !ts.isClassDeclaration(statement) &&
  !ts.isImportDeclaration(statement) &&
  !ts.isExportDeclaration(statement) &&
  !ts.isInterfaceDeclaration(statement) &&
  !ts.isTypeAliasDeclaration(statement) &&
  !ts.isModuleDeclaration(statement);

const valueOf = (node: ts.Identifier, checker: ts.TypeChecker): ts.Declaration | undefined => {
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  if (symbol === undefined) return undefined;
  return ((symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol).valueDeclaration;
};

const topLevelStatement = (declaration: ts.Node): ts.Statement | undefined => {
  let node = declaration;
  while (node.parent !== undefined && !ts.isSourceFile(node.parent)) node = node.parent;
  return node.parent !== undefined && ts.isStatement(node) ? node : undefined;
};
