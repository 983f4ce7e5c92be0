// docs/virtio-support.md, printed from the tables of this folder. Run as a program it writes the page.

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SupportTables } from './check.ts';
import { type Claim, type Place, type State, stateOf } from './claim.ts';
import type { Chapter, Requirement } from './requirement.ts';
import { SUPPORT_TABLES } from './tables.ts';

export const SUPPORT_PAGE = 'docs/virtio-support.md';

/** Returns the text of the page. */
export const supportPage = (tables: SupportTables = SUPPORT_TABLES): string =>
  [
    '<!-- Written by scripts/support/page.ts from the tables in scripts/support. Do not edit. -->',
    '# What of VIRTIO is supported, and what proves it',
    '',
    ...introduction,
    ...summary(tables.chapters),
    ...tables.chapters.flatMap(chapterText),
    ...featuresText(tables),
    ...combinationsText(tables),
    ...weaknessesText(tables),
  ].join('\n');

const introduction: readonly string[] = [
  'Each row is one requirement that [VIRTIO 1.2](https://docs.oasis-open.org/virtio/virtio/v1.2/virtio-v1.2.html) makes of a driver, in our own words: the section, a number within',
  'it, and how strong the word of the specification is. A row names the code that keeps the requirement and the test that fails when it does not.',
  '`make check` looks up every name, and compares the number of rows of each section with the specification.',
  '',
];

const STATES: readonly State[] = ['kept', 'not applicable', 'open'];

const summary = (chapters: readonly Chapter[]): string[] => [
  ...tableHead('chapter', ...STATES, 'rows'),
  ...chapters.map(({ title, rows }) => summaryRow(title, rows)),
  summaryRow(
    'all',
    chapters.flatMap(({ rows }) => rows),
  ),
  '',
];

const summaryRow = (title: string, rows: readonly Requirement[]): string =>
  tableRow(title, ...STATES.map((state) => `${rows.filter((row) => stateOf(row) === state).length}`), `${rows.length}`);

const chapterText = ({ title, rows }: Chapter): string[] => [
  `## ${title}`,
  '',
  ...tableHead('', '', 'requirement', 'kept by', 'proved by'),
  ...rows.map((row) => tableRow(row.id, row.strength, row.wording, ...claimCells(row))),
  '',
];

const featuresText = ({ features }: SupportTables): string[] => [
  '## Feature bits',
  '',
  'The bits that mean the same for every type of device. A driver adds those of its own type.',
  '',
  ...tableHead('bit', 'feature', 'meaning', 'asked for by', 'kept by', 'proved by'),
  ...features.map((row) => tableRow(`${row.bit}`, row.name, row.use, row.usedBy, ...claimCells(row))),
  '',
];

const combinationsText = ({ combinations }: SupportTables): string[] => [
  '## Transports and options',
  '',
  ...tableHead('', 'QEMU', 'kept by', 'proved by'),
  ...combinations.map((row) => tableRow(row.name, row.qemu === '' ? '' : `\`${row.qemu}\``, ...claimCells(row))),
  '',
];

const weaknessesText = ({ weaknesses }: SupportTables): string[] => [
  '## Known weaknesses of driver libraries',
  '',
  'What goes wrong in a widely used library, found by reading it, and the test that it would fail.',
  '',
  ...tableHead('', 'weakness', 'kept by', 'proved by'),
  ...weaknesses.map((row) => tableRow(row.id, row.wording, ...claimCells(row))),
  '',
];

/** Returns the cells of a claim: what keeps it, and what proves it. */
export const claimCells = (claim: Claim): [string, string] => {
  if ('open' in claim) return [`*open:* ${claim.open}`, ''];
  if ('notApplicable' in claim) return [`*not applicable:* ${claim.notApplicable}`, ''];
  return [
    claim.code.map((place) => `${linkTo(place)} \`${place.name}\``).join('<br>'),
    claim.tests.map((place) => `${linkTo(place)} ${place.name}`).join('<br>'),
  ];
};

const linkTo = ({ file }: Place): string => `[${file.slice(file.lastIndexOf('/') + 1)}](../${file})`;

/** Returns the first two lines of a table. */
export const tableHead = (...cells: string[]): string[] => [tableRow(...cells), `|${' --- |'.repeat(cells.length)}`];

/** Returns a line of a table. */
export const tableRow = (...cells: string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(SUPPORT_PAGE, supportPage());
