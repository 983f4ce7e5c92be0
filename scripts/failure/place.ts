// Where in its line a frame of a backtrace stands. An image knows lines only; the column is that of the call that the frame waits for, as Node shows it.
//
//   at readSector (apps/x/main.ts:19:9)       19 |   throw new Error('disk on fire');
//   at provoke (apps/x/main.ts:43:32)         43 |   if (what === 'throw') return readSector();     its callee is readSector: the frame above
//
// Of several calls of a name the first is taken, and where there is none, the beginning of the statement.

import { createRequire } from 'node:module';
import type ts from 'typescript';

const require = createRequire(import.meta.url);

/** TypeScript takes longer to load than a boot, so it is loaded when there is a failure to explain. */
const typescript = (): typeof ts => require('typescript') as typeof ts;

/** What is known of a frame beside its line. */
export interface FrameFacts {
  /** The function that the frame called: the name of the frame above it. Undefined where the failure began. */
  readonly callee: string | undefined;
  /** The frame awaits. */
  readonly isAsync: boolean;
}

/** A place in a source. Both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Returns where a frame stands in `text`, the content of `file`, of which the image knows the line: where the statement begins. The call may be further down. Undefined
 * when there is nothing in that line.
 */
export const placeOfFrame = (file: string, text: string, line: number, facts: FrameFacts): Place | undefined => {
  const lineText = text.split('\n')[line - 1] ?? '';
  if (lineText.trim() === '') return undefined;
  const found = file.endsWith('.ts') ? inTypeScript(file, text, line, facts) : inText(lineText, line, facts);
  return found ?? { line, column: lineText.length - lineText.trimStart().length + 1 };
};

/** The last part of a name: `find` of `symbols.find`, `map` of `Array.prototype.map`. */
const lastName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Zig: the first place where the name is called. */
const inText = (lineText: string, line: number, { callee }: FrameFacts): Place | undefined => {
  if (callee === undefined) return undefined;
  const found = new RegExp(`\\b${lastName(callee).replace(/\W/g, '\\$&')}\\(`).exec(lineText);
  return found === null ? undefined : { line, column: found.index + 1 };
};

const inTypeScript = (file: string, text: string, line: number, facts: FrameFacts): Place | undefined => {
  const { createSourceFile, ScriptTarget } = typescript();
  const source = createSourceFile(file, text, ScriptTarget.Latest, true);
  const found = statementsAt(source, line).flatMap((statement) => candidatesIn(statement, facts));
  const best = found.find((each) => each.isNamed) ?? (found.length === 1 ? found[0] : undefined);
  if (best === undefined) return undefined;
  const place = source.getLineAndCharacterOfPosition(best.position);
  return { line: place.line + 1, column: place.character + 1 };
};

/** Returns the statements that begin in a line, the outer ones first. The body of an arrow function that is an expression is one, too. */
const statementsAt = (source: ts.SourceFile, line: number): ts.Node[] => {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (isStatement(node) && lineOf(source, node) === line) found.push(node);
    typescript().forEachChild(node, visit);
  };
  visit(source);
  return found;
};

const isStatement = (node: ts.Node): boolean => {
  const { isArrowFunction, isBlock, isStatement: isAnyStatement } = typescript();
  const isResult = node.parent !== undefined && isArrowFunction(node.parent) && node.parent.body === node;
  return !isBlock(node) && (isResult || isAnyStatement(node));
};

const lineOf = (source: ts.SourceFile, node: ts.Node): number =>
  source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;

/** A place in a statement that the frame may stand at. */
interface Candidate {
  readonly position: number;
  /** It is what the frame waits for, by its name. */
  readonly isNamed: boolean;
}

/** Returns what a statement throws, awaits or calls, without what is inside of functions and of other statements. */
const candidatesIn = (statement: ts.Node, facts: FrameFacts): Candidate[] => {
  const found: Candidate[] = [];
  const visit = (node: ts.Node): void => {
    const candidate = candidateAt(node, facts);
    if (candidate !== undefined) found.push(candidate);
    typescript().forEachChild(node, (child) => {
      if (!typescript().isFunctionLike(child) && !isStatement(child)) visit(child);
    });
  };
  visit(statement);
  return found.sort((a, b) => a.position - b.position);
};

const candidateAt = (node: ts.Node, { callee, isAsync }: FrameFacts): Candidate | undefined => {
  const { isAwaitExpression, isCallExpression, isNewExpression, isPropertyAccessExpression, isThrowStatement } =
    typescript();
  if (isAsync) return isAwaitExpression(node) ? { position: node.getStart(), isNamed: true } : undefined;
  if (callee === undefined && isThrowStatement(node)) return { position: node.expression.getStart(), isNamed: true };
  if (!isCallExpression(node) && !isNewExpression(node)) return undefined;
  const called = isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
  const isNamed = callee !== undefined && called.getText() === lastName(callee);
  return { position: (isNewExpression(node) ? node : called).getStart(), isNamed };
};
