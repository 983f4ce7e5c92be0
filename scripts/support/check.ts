// What `make check` asks of the support page: that everything it names exists, that no row is empty-handed, and that none is lost.

import type { Claim, Kept, Place } from './claim.ts';
import type { Combination } from './combinations.ts';
import type { SpecificationCounts } from './counts.ts';
import { FEATURE_BIT_MAX, FEATURE_BIT_MIN, FEATURES_FILE, type Feature, NO_FEATURES } from './features.ts';
import { type Chapter, type Requirement, STRENGTHS, sectionOf } from './requirement.ts';
import { exportsOf, type FoundTest, numbersOf, testsOf } from './sources.ts';
import type { Weakness } from './weaknesses.ts';

/** Everything that the page is printed from. */
export interface SupportTables {
  readonly chapters: readonly Chapter[];
  readonly counts: SpecificationCounts;
  readonly features: readonly Feature[];
  readonly combinations: readonly Combination[];
  readonly weaknesses: readonly Weakness[];
}

/** Returns the text of a file of the tree, undefined when there is none. */
export type ReadFile = (file: string) => string | undefined;

/** Returns a line for each thing wrong with the tables; `read` reads the files that they name. */
export const findingsIn = (tables: SupportTables, read: ReadFile): string[] => {
  const rows = tables.chapters.flatMap((chapter) => chapter.rows);
  const claims: readonly (readonly [string, Claim])[] = [
    ...rows.map((row) => [row.id, row] as const),
    ...tables.features.map((row) => [row.name, row] as const),
    ...tables.combinations.map((row) => [row.name, row] as const),
    ...tables.weaknesses.map((row) => [row.id, row] as const),
  ];
  return [
    ...namedTwice(claims.map(([id]) => id)),
    ...outOfOrder(rows),
    ...miscounted(rows, tables.counts),
    ...unlistedFeatures(tables.features, read(FEATURES_FILE) ?? ''),
    ...findingsInClaims(claims, read),
  ];
};

/** Returns a line for each claim that is not so, behind its name. */
export const findingsInClaims = (claims: readonly (readonly [string, Claim])[], read: ReadFile): string[] => {
  const look = lookingAt(read);
  return claims.flatMap(([id, claim]) => wrongClaim(claim, look).map((found) => `${id}: ${found}`));
};

const namedTwice = (ids: readonly string[]): string[] =>
  [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))].map(
    (id) => `${id}: there are two rows of this name`,
  );

/** The rows of a section are numbered from 1 on, so that a number in a discussion stays where it was. */
const outOfOrder = (rows: readonly Requirement[]): string[] => {
  const last = new Map<string, number>();
  return rows.flatMap((row) => {
    const section = sectionOf(row);
    const expected = (last.get(section) ?? 0) + 1;
    last.set(section, expected);
    return row.id === `${section}-${expected}` ? [] : [`${row.id}: expected ${section}-${expected} here`];
  });
};

/** A row for each requirement that the specification makes in a section, by the strength of its word. */
const miscounted = (rows: readonly Requirement[], counts: SpecificationCounts): string[] => {
  const sections = new Set([...Object.keys(counts), ...rows.map(sectionOf)]);
  return [...sections].flatMap((section) =>
    STRENGTHS.flatMap((strength) => {
      const found = rows.filter((row) => sectionOf(row) === section && row.strength === strength).length;
      const expected = counts[section]?.[strength] ?? 0;
      return found === expected ? [] : [`${section}: ${found} rows ${strength}, the specification has ${expected}`];
    }),
  );
};

/** Every bit that the library has a name for is in the table, by that name and number, and no other is. */
const unlistedFeatures = (features: readonly Feature[], text: string): string[] => {
  const declared = [...numbersOf(text)]
    .filter(([name, bit]) => name.startsWith('FEATURE_') && bit >= FEATURE_BIT_MIN && bit <= FEATURE_BIT_MAX)
    .filter(([name]) => !NO_FEATURES.includes(name))
    .map(([name, bit]) => `${bit} ${name.slice('FEATURE_'.length)}`);
  const listed = features.map(({ bit, name }) => `${bit} ${name}`);
  return [
    ...declared.filter((each) => !listed.includes(each)).map((each) => `feature bit ${each}: it has no row`),
    ...listed
      .filter((each) => !declared.includes(each))
      .map((each) => `feature bit ${each}: ${FEATURES_FILE} has none`),
  ];
};

/** What a file holds that a row can name, read once however many rows name it. */
interface Contents {
  readonly exports: ReadonlySet<string>;
  readonly tests: readonly FoundTest[];
}

type Look = (file: string) => Contents | undefined;

const lookingAt = (read: ReadFile): Look => {
  const seen = new Map<string, Contents | undefined>();
  return (file) => {
    if (!seen.has(file)) {
      const text = read(file);
      seen.set(file, text === undefined ? undefined : { exports: exportsOf(text), tests: testsOf(text) });
    }
    return seen.get(file);
  };
};

const wrongClaim = (claim: Claim, look: Look): string[] => {
  if ('open' in claim) return claim.open.trim() === '' ? ['open, and no reason is given'] : [];
  if ('notApplicable' in claim)
    return claim.notApplicable.trim() === '' ? ['not applicable, and no reason is given'] : [];
  return wrongPlaces(claim, look);
};

const wrongPlaces = ({ code, tests }: Kept, look: Look): string[] => [
  ...(code.length === 0 ? ['no code is named'] : []),
  ...(tests.length === 0 ? ['no test is named'] : []),
  ...code.flatMap((place) => wrongCode(place, look(place.file))),
  ...tests.flatMap((place) => wrongTest(place, look(place.file))),
];

const wrongCode = ({ file, name }: Place, contents: Contents | undefined): string[] => {
  if (contents === undefined) return [`${file} does not exist`];
  return contents.exports.has(name) ? [] : [`${file} exports no ${name}`];
};

const wrongTest = ({ file, name }: Place, contents: Contents | undefined): string[] => {
  if (contents === undefined) return [`${file} does not exist`];
  const wanted = name.split(' > ');
  const found = contents.tests.filter(({ titles }) => endsWith(titles, wanted));
  if (found.length === 0) return [`${file} has no test '${name}'`];
  if (found.length > 1) return [`${file} has ${found.length} tests '${name}': name the group too, as 'group > title'`];
  return (found[0] as FoundTest).isSkipped ? [`${file}: the test '${name}' is skipped`] : [];
};

const endsWith = (titles: readonly string[], wanted: readonly string[]): boolean =>
  wanted.every((title, index) => titles[titles.length - wanted.length + index] === title);
