// Where in a test a failure is: the machine knows the lines, the source knows the columns.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { PROJECT } from '../folders.ts';

/** A function on the way of an exception. */
export interface Frame {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Returns the frames that a trace or a panic shows, without those of the test library and of the runtime. */
export const framesIn = (text: string): Frame[] => {
  const found: Frame[] = [];
  let inner = '';
  for (const [, name = '', shown = '', line = '', column] of text.matchAll(FRAME)) {
    const file = path.resolve(PROJECT, shown);
    const isOurs = OWN.test(shown) || !existsSync(file);
    if (!isOurs) {
      const shownColumn = column === undefined ? undefined : Number(column);
      found.push({ name, file, ...placeOf(file, Number(line), shownColumn, inner) });
    }
    inner = name;
  }
  return found;
};

/** The test library, the runtime and the Zig layer, in the repository or in the package. */
const OWN = /^(?:.*node_modules\/)?(?:hedyn\/)?(?:kernel\/(?:test|runtime)|boot)\//;

const FRAME = /^ +at (?:async )?(.+?) \(([^()\n]+?):(\d+)(?::(\d+))?\)\r?$/gm;

/** Returns where on a line a statement went wrong: at the matcher `called` of an expectation, else at its beginning. */
const placeOf = (
  file: string,
  line: number,
  column: number | undefined,
  called: string,
): { line: number; column: number } => {
  const source = sourceOf(file);
  const statements = statementsAt(source, line);
  const matchers = statements.flatMap(matchersIn);
  const matcher = matchers.find((name) => name.text === called) ?? matchers[0];
  const start = matcher ?? statements.at(-1);
  if (start === undefined || (column !== undefined && matcher === undefined)) return { line, column: column ?? 1 };
  const found = source.getLineAndCharacterOfPosition(start.getStart(source));
  return { line: found.line + 1, column: found.character + 1 };
};

const sourceOf = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);

/** Returns the statements, and the bodies of arrow functions, that begin on a line, outer ones first. */
const statementsAt = (source: ts.SourceFile, line: number): ts.Node[] => {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    const isPlace =
      (ts.isStatement(node) && !ts.isBlock(node)) || (ts.isArrowFunction(node.parent) && node === node.parent.body);
    if (isPlace && source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1 === line) found.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return found;
};

/** Returns the names of the matchers that a statement calls, without those in functions inside it. */
const matchersIn = (statement: ts.Node): ts.Identifier[] => {
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (node !== statement && ts.isFunctionLike(node)) return;
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      isExpectation(node.expression.expression)
    )
      found.push(node.expression.name as ts.Identifier);
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return found;
};

/** expect(…), expect(…).not, expect(…).resolves.not */
const isExpectation = (node: ts.Expression): boolean => {
  if (ts.isPropertyAccessExpression(node)) return isExpectation(node.expression);
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'expect';
};

/** Returns the line and column of the test or suite of that name in a file: where a failure is shown that has no place of its own. */
export const placeOfTest = (file: string, name: string): Frame | undefined => {
  const source = sourceOf(file);
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    const first = ts.isCallExpression(node) ? node.arguments[0] : undefined;
    if (found === undefined && first !== undefined && ts.isStringLiteralLike(first) && first.text === name)
      found = node;
    ts.forEachChild(node, visit);
  };
  visit(source);
  if (found === undefined) return undefined;
  const { line, character } = source.getLineAndCharacterOfPosition(found.getStart(source));
  return { name, file, line: line + 1, column: character + 1 };
};
