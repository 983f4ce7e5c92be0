// A smaller program that still differs from Node: statements and parts of expressions are taken away while it does.
//
//   edits ─▶ one batch of programs with one edit each ─▶ those that still differ ─▶ all of them at once, or the best one ─▶ again

import ts from 'typescript';
import { isDifferent, type Level, runBatch } from './batch.ts';

const BATCH_SIZE = 60;
const ROUNDS_MAX = 60;

/** A part of a text, and what stands in its place. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Returns the smallest program found before `deadline` (a time in ms) that differs at the level. */
export const shrink = async (program: string, level: Level, deadline: number): Promise<string> => {
  let text = program;
  let offset = 0;
  for (let round = 0; round < ROUNDS_MAX && Date.now() < deadline; round++) {
    const edits = editsOf(text);
    if (offset >= edits.length) break; // Nothing more can go.
    const tried = edits.slice(offset, offset + BATCH_SIZE);
    const outcomes = await runBatch(
      'shrink',
      tried.map((edit) => applied(text, [edit])),
      [level],
    );
    const good = tried.filter((_, index) => isDifferent(outcomes[index]!));
    if (good.length === 0) {
      offset += BATCH_SIZE;
      continue;
    }
    text = await combined(text, good, level);
    offset = 0;
  }
  return text;
};

/** Returns the text with as many of the edits as go together, halving them as long as they do not. */
const combined = async (text: string, good: readonly Edit[], level: Level): Promise<string> => {
  const disjoint: Edit[] = [];
  for (const edit of good) {
    if (disjoint.every((other) => edit.end <= other.start || edit.start >= other.end)) disjoint.push(edit);
  }
  const choices: string[] = [];
  for (let count = disjoint.length; count > 1; count >>= 1) choices.push(applied(text, disjoint.slice(0, count)));
  const outcomes = choices.length === 0 ? [] : await runBatch('shrink', choices, [level]);
  return choices.find((_, index) => isDifferent(outcomes[index]!)) ?? applied(text, [good[0]!]);
};

const applied = (text: string, edits: readonly Edit[]): string =>
  [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, text: by }) => `${result.slice(0, start)}${by}${result.slice(end)}`, text);

/** Returns every way to make the program a little smaller, those that take away most first. */
const editsOf = (text: string): Edit[] => {
  const source = ts.createSourceFile('program.ts', text, ts.ScriptTarget.ES2022, true);
  const edits = new Map<string, Edit>();
  const visit = (node: ts.Node): void => {
    for (const by of replacements(node)) {
      const edit = { start: node.getStart(), end: node.getEnd(), text: by };
      if (by.length < edit.end - edit.start) edits.set(`${edit.start} ${edit.end} ${by}`, edit);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...edits.values()].sort((a, b) => gain(b) - gain(a));
};

const gain = ({ start, end, text }: Edit): number => end - start - text.length;

/** Returns texts that can stand in place of a node. Those that make no sense are refused by the build. */
const replacements = (node: ts.Node): string[] => {
  if (isRun(node) || isRun(node.parent?.parent?.parent)) return []; // What every program has.
  if (ts.isStatement(node)) return ts.isFunctionLike(node.parent) ? [] : ['', ...innerStatements(node)];
  if (ts.isClassElement(node) || ts.isParameter(node) || ts.isHeritageClause(node)) return [''];
  return ts.isExpression(node) ? smaller(node) : [];
};

/** True for the statement `export const run = …`. */
const isRun = (node: ts.Node | undefined): boolean =>
  node !== undefined && ts.isVariableStatement(node) && node.modifiers !== undefined;

const innerStatements = (statement: ts.Statement): string[] => {
  const texts: string[] = [];
  ts.forEachChild(statement, (child) => {
    if (ts.isBlock(child)) texts.push(child.statements.map((inner) => inner.getText()).join('\n'), child.getText());
    else if (ts.isStatement(child)) texts.push(child.getText());
    else if (ts.isCatchClause(child)) texts.push(child.block.getText());
    else if (ts.isExpression(child)) texts.push(`${child.getText()};`);
  });
  return texts;
};

/** Expressions inside an expression, and the simplest values. */
const smaller = (expression: ts.Node): string[] => {
  if (ts.isIdentifier(expression) || expression.kind === ts.SyntaxKind.ThisKeyword) return [];
  const texts = new Set<string>();
  ts.forEachChild(expression, (child) => {
    if (ts.isExpression(child)) texts.add(child.getText());
    ts.forEachChild(child, (inner) => {
      if (ts.isExpression(inner)) texts.add(inner.getText());
    });
  });
  if (!ts.isLiteralExpression(expression)) for (const value of ["'a'", '1', 'true', '[]']) texts.add(value);
  texts.delete(expression.getText());
  return [...texts];
};
