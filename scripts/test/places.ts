// Where in a test a failure is: the machine knows lines, the source has the columns.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { placeOfFrame } from '../failure/place.ts';
import { PROJECT } from '../folders.ts';

/** A function on the way of an exception. */
export interface Frame {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const FRAME = /^ +at (async )?(.+?)(?: \(([^()\n]+?):(\d+)\))?\r?$/gm;

/** The test library, the runtime and the Zig layer, in the repository or in the package. */
const OWN = /^(?:.*node_modules\/)?(?:hedyn\/)?(?:kernel\/(?:test|runtime)|boot)\//;

/** Returns the frames that a trace or a panic shows, without those of the test library and of the runtime. */
export const framesIn = (text: string): Frame[] => {
  const found: Frame[] = [];
  let callee: string | undefined;
  for (const [, isAsync, name = '', shown, lineText] of text.matchAll(FRAME)) {
    const file = shown === undefined || OWN.test(shown) ? '' : path.resolve(PROJECT, shown);
    if (existsSync(file)) {
      const line = Number(lineText);
      const facts = { callee, isAsync: isAsync !== undefined };
      const place = placeOfFrame(file, readFileSync(file, 'utf8'), line, facts) ?? { line, column: 1 };
      found.push({ name, file, ...place });
    }
    callee = name;
  }
  return found;
};

/** Returns where a file names a test: there a failure is shown that has no place of its own. Undefined when the name is not a literal. */
export const placeOfTest = (file: string, name: string): Frame | undefined => {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
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
