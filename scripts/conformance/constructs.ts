// What the corpus says of each construct: whether it is supported, rewritten or refused, and which cases show it.

import { CATALOGUE } from '../../test/metal/constructs/catalogue.ts';
import { type Case, readCorpus } from '../../test/metal/corpus.ts';
import { ROOT } from '../build.ts';
import { type BuiltIn, builtInName, builtInsOf } from './library.ts';
import { type Treatment, treatmentsOf } from './refusals.ts';

/** Cases of one file that show a construct. */
export interface Shown {
  readonly file: string;
  readonly count: number;
  /** The number of the rule that refuses the file; none when it runs. */
  readonly code?: string;
}

/** A row of the page. */
export interface Row {
  readonly name: string;
  /** A section of the text for syntax, empty for a built-in. */
  readonly section: string;
  /** The rules that refuse it, all of it or some uses. */
  readonly codes: readonly string[];
  readonly state: 'supported' | 'lowered' | 'rejected';
  readonly cases: readonly Shown[];
  /** Whether something shows it: a case, or for what is refused by its name the front end, which `make check` asks. */
  readonly isShown: boolean;
}

/** Rows that belong together. */
export interface RowChapter {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Everything that the page is printed from. */
export interface Conformance {
  readonly syntax: readonly RowChapter[];
  readonly library: readonly RowChapter[];
  /** `FILE: NAME` for each construct that a case names and that does not exist. */
  readonly unknown: readonly string[];
  readonly caseCount: number;
}

/** Reads the corpus and asks the front end. */
export const readConformance = async (): Promise<Conformance> => {
  const { running, alone, ending, refused } = readCorpus();
  const shown = new Map<string, Shown[]>();
  const add = ({ name: file, text, tests }: Case, code?: string): void => {
    const counts = new Map<string, number>();
    for (const name of [...tests.map(constructOf), ...namedIn(text)]) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const [name, count] of counts)
      shown.set(name, [...(shown.get(name) ?? []), { file, count, ...(code === undefined ? {} : { code }) }]);
  };
  for (const found of [...running, ...alone, ...ending]) add(found);
  for (const found of refused) add(found, found.code);

  const builtIns = builtInsOf(ROOT);
  const treatments = await treatmentsOf(builtIns);
  const syntax = CATALOGUE.map(({ title, constructs }) => ({
    title,
    rows: constructs.map(({ name, section, pass }) =>
      syntaxRow(name, section, pass !== undefined, shown.get(name) ?? []),
    ),
  }));
  const library = chaptersOf(builtIns, (each) => builtInRow(each, treatments, shown.get(each.name) ?? []));
  const known = new Set([...syntax, ...library].flatMap(({ rows }) => rows.map(({ name }) => name)));
  return {
    syntax,
    library,
    unknown: [...shown].flatMap(([name, cases]) =>
      known.has(name) ? [] : cases.map(({ file }) => `${file}: ${name}`),
    ),
    caseCount: [running, alone, ending, refused].flat().reduce((sum, { tests }) => sum + Math.max(1, tests.length), 0),
  };
};

/** `Array.prototype.flat: takes away one level` is a case of Array.prototype.flat. */
const constructOf = (test: string): string => builtInName(/^(.*?): /.exec(test)?.[1] ?? test);

const namedIn = (text: string): string[] =>
  [...text.matchAll(/^\/\/ construct: (.*)$/gm)].flatMap(([, names]) => (names ?? '').split(', ').map(builtInName));

const codesOf = (cases: readonly Shown[]): string[] => [...new Set(cases.flatMap(({ code }) => code ?? []))].sort();

const syntaxRow = (name: string, section: string, isLowered: boolean, cases: readonly Shown[]): Row => {
  const runs = cases.some(({ code }) => code === undefined);
  const accepted = isLowered ? 'lowered' : 'supported';
  const state = cases.length > 0 && !runs ? 'rejected' : accepted;
  return { name, section, codes: codesOf(cases), state, cases, isShown: cases.length > 0 };
};

const builtInRow = ({ name }: BuiltIn, treatments: ReadonlyMap<string, Treatment>, cases: readonly Shown[]): Row => {
  const { refusedBy, isLowered } = treatments.get(name) ?? { isLowered: false };
  const codes = [...new Set([...(refusedBy === undefined ? [] : [refusedBy]), ...codesOf(cases)])].sort();
  const state = refusedBy !== undefined ? 'rejected' : isLowered ? 'lowered' : 'supported';
  return { name, section: '', codes, state, cases, isShown: refusedBy !== undefined || cases.length > 0 };
};

const chaptersOf = (builtIns: readonly BuiltIn[], rowOf: (builtIn: BuiltIn) => Row): RowChapter[] => {
  const owners = [...new Set(builtIns.map(({ owner }) => owner))].sort();
  return owners.map((owner) => ({ title: owner, rows: builtIns.filter((each) => each.owner === owner).map(rowOf) }));
};
