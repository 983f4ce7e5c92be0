// Finds exported declarations of the tree without a docstring: what others call must say what comes back.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const FOLDERS = ['kernel', 'drivers', 'scripts', 'apps'];
/** Rows of data with names of their own need no sentence each: rules, registers and phantom types. */
const DATA_FILES = /^(scripts\/dialect\/|kernel\/base\/machine\.ts)/;

/** Returns a line for each exported function, class, interface or type without a docstring. */
export const missingDocstrings = (root: string): string[] =>
  FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
    .filter((file) => file.endsWith('.ts') && !DATA_FILES.test(file))
    .flatMap((file) =>
      findIn(
        file,
        ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true),
      ),
    );

const findIn = (file: string, source: ts.SourceFile): string[] =>
  source.statements
    .filter(isExported)
    .filter(needsDocstring)
    .filter((statement) => !hasDocstring(statement))
    .map((statement) => {
      const { line } = source.getLineAndCharacterOfPosition(statement.getStart());
      return `${file}:${line + 1} ${nameOf(statement)} has no docstring`;
    });

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false);

/** A plain constant may speak by its name and the comment beside it; a function, class or type may not. */
const needsDocstring = (statement: ts.Statement): boolean => {
  if (!ts.isVariableStatement(statement)) return true;
  return statement.declarationList.declarations.some(
    ({ initializer, type }) =>
      (initializer !== undefined && ts.isArrowFunction(initializer)) ||
      (type !== undefined && ts.isFunctionTypeNode(type)),
  );
};

const hasDocstring = (statement: ts.Statement): boolean => ts.getJSDocCommentsAndTags(statement).length > 0;

const nameOf = (statement: ts.Statement): string => {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText()).join(', ');
  return (statement as ts.DeclarationStatement).name?.getText() ?? 'the default export';
};
