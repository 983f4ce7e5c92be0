// The corpus: every file under test/metal/cases is one program.
//
//   // expect HEDnnn     as the first line: the build refuses it with this number and no other
//   // ends NN           as the first line: an image of its own, which leaves with that status
//   // alone             as the first line: an image of its own, which prints what Node prints; for what only a main module can do
//   anything else        runs on Node and on metal, and prints the same on both
//
// The last kind can hold many cases, made by the functions of test/metal/test.ts: each is then compared by itself.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/build.ts';

/** One program of the corpus. */
export interface Case {
  /** Its path below test/metal/cases, without the extension. */
  readonly name: string;
  /** Its absolute path. */
  readonly file: string;
  readonly text: string;
  /** The names of the tests in it, in their order; none in a file that is one case. */
  readonly tests: readonly string[];
}

/** A case that the build refuses with `code`. */
export interface RefusedCase extends Case {
  readonly code: string;
}

/** A case that ends with `status`, other than by reaching its end. */
export interface EndingCase extends Case {
  readonly status: number;
}

/** The cases by what is expected of them, each list in order of names. */
export interface Corpus {
  readonly running: readonly Case[];
  readonly alone: readonly Case[];
  readonly refused: readonly RefusedCase[];
  readonly ending: readonly EndingCase[];
}

const CASES = path.join(ROOT, 'test/metal/cases');

/** Reads the corpus. */
export const readCorpus = (): Corpus => {
  const names = readdirSync(CASES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort();
  const running: Case[] = [];
  const alone: Case[] = [];
  const refused: RefusedCase[] = [];
  const ending: EndingCase[] = [];
  for (const name of names) {
    const file = path.join(CASES, name);
    const text = readFileSync(file, 'utf8');
    const found: Case = {
      name: name.slice(0, -'.ts'.length).split(path.sep).join('/'),
      file,
      text,
      tests: testsIn(text),
    };
    const [, code, status] = /^\/\/ (?:expect (HED\d{3})|ends (\d+))\n/.exec(text) ?? [];
    if (code !== undefined) refused.push({ ...found, code });
    else if (status !== undefined) ending.push({ ...found, status: Number(status) });
    else if (text.startsWith('// alone\n')) alone.push(found);
    else running.push(found);
  }
  return { running, alone, refused, ending };
};

/** Returns the names of the tests in a file: calls at the beginning of a line. Throws when two have one name. */
export const testsIn = (text: string): string[] => {
  const names = [...text.matchAll(/^test(?:Async)?\(\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/gm)].map(([, literal]) =>
    unquoted(literal ?? ''),
  );
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two tests of one file are called ${twice}`);
  return names;
};

const unquoted = (literal: string): string => literal.slice(1, -1).replace(/\\(.)/g, '$1');
