// docs/conformance.md, printed from the catalogue of syntax, TypeScript's library and the corpus. Run as a program it writes the page.

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tableHead, tableRow } from '../support/page.ts';
import { type Conformance, type Row, type RowChapter, readConformance, type Shown } from './constructs.ts';

export const CONFORMANCE_PAGE = 'docs/conformance.md';

/** Returns the text of the page. */
export const conformancePage = ({ syntax, library, caseCount }: Conformance): string =>
  [
    '<!-- Written by scripts/conformance/page.ts from test/metal. Do not edit. -->',
    '# What of the language is supported, and which cases show it',
    '',
    'Every construct of ECMAScript 2024 and TypeScript 6, and every member of the library that TypeScript declares for them. *Supported* is compiled as it stands, *lowered* is rewritten by the',
    'build, which a program cannot tell, and *rejected* is refused with a rule of [dialect.md](dialect.md): by its name, as `make check` tries it, or in the cases named. A rule beside something supported',
    'refuses some of its uses.',
    '',
    `The corpus has ${caseCount} cases. Each runs on Node and on metal, in a development and a release build, and prints the same; or is refused with the rule that it names.`,
    '',
    ...summary('Syntax', syntax),
    ...summary('Library', library),
    '## Syntax',
    '',
    ...syntax.flatMap(({ title, rows }) => [
      `### ${title}`,
      '',
      ...tableHead('construct', 'section', '', 'cases'),
      ...rows.map((row) => tableRow(code(row.name), row.section, stateText(row), casesText(row.cases))),
      '',
    ]),
    '## Library',
    '',
    ...library.flatMap(({ title, rows }) => [
      `### ${title}`,
      '',
      ...tableHead('member', '', 'cases'),
      ...rows.map((row) => tableRow(code(row.name), stateText(row), casesText(row.cases))),
      '',
    ]),
  ].join('\n');

const STATES = ['supported', 'lowered', 'rejected'] as const;

const summary = (title: string, chapters: readonly RowChapter[]): string[] => {
  const rows = chapters.flatMap((chapter) => chapter.rows);
  const counts = STATES.map((state) => `${rows.filter((row) => row.state === state).length} ${state}`);
  return [`${title}: ${rows.length} rows, ${counts.join(', ')}.`, ''];
};

const code = (name: string): string => `\`${name.replaceAll('`', '´')}\``;

const stateText = ({ state, codes }: Row): string =>
  codes.length === 0
    ? state
    : state === 'rejected'
      ? `rejected: ${codes.join(', ')}`
      : `${state}, some uses ${codes.join(', ')}`;

const casesText = (cases: readonly Shown[]): string =>
  cases.map(({ file, count }) => `[${file}](../test/metal/cases/${file}.ts)${count > 1 ? ` ${count}` : ''}`).join(', ');

if (process.argv[1] === fileURLToPath(import.meta.url))
  void readConformance().then((found) => writeFileSync(CONFORMANCE_PAGE, conformancePage(found)));
