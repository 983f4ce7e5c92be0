// What `make check` asks of the conformance page: that it leaves nothing out, and that every row has what shows it.

import { CATALOGUE, NOT_TYPED } from '../../test/metal/constructs/catalogue.ts';
import type { Kind } from '../../test/metal/constructs/construct.ts';
import type { Conformance } from './constructs.ts';
import { kindsOfParser } from './kinds.ts';

/** Returns a line for each construct without a case, each case of something that does not exist, and each kind of node that no construct covers. */
export const findingsInConformance = ({ syntax, library, unknown }: Conformance): string[] => {
  const rows = [...syntax, ...library].flatMap((chapter) => chapter.rows);
  return [
    ...unknown.map((found) => `${found} is no construct of test/metal/constructs and no member of the library`),
    ...rows.filter(({ isShown }) => !isShown).map(({ name }) => `${name} has no case`),
    ...uncoveredKinds().map((kind) => `no construct of test/metal/constructs covers ${kind}`),
    ...namedTwice(rows.map(({ name }) => name)).map((name) => `there are two constructs called ${name}`),
  ];
};

const namedTwice = (names: readonly string[]): string[] => names.filter((name, index) => names.indexOf(name) !== index);

const uncoveredKinds = (): Kind[] => {
  const covered = new Set<Kind>(CATALOGUE.flatMap(({ constructs }) => constructs.flatMap(({ kinds }) => kinds)));
  return kindsOfParser().filter((kind) => !covered.has(kind) && !NOT_TYPED.includes(kind));
};
