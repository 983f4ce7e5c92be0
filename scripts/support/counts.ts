// How many requirements VIRTIO 1.2 makes of drivers, by section and by word. Counted in the text of the specification, not in our rows: that is
// the point of it. Each MUST, MUST NOT, SHOULD, SHOULD NOT and MAY of a section "Driver Requirements" is one; of the sections about the legacy
// interface, which speak of both sides, those whose subject is the driver.

import type { Strength } from './requirement.ts';

/** Requirements of a section by strength; a strength without any is left out. */
export type SpecificationCounts = Readonly<Record<string, Readonly<Partial<Record<Strength, number>>>>>;

export const COUNTS: SpecificationCounts = {
  '2.1.1': { MUST: 2, 'MUST NOT': 1, 'SHOULD NOT': 1 },
  '2.2.1': { MUST: 1, 'MUST NOT': 2, SHOULD: 1 },
  '2.2.3': { MUST: 2 },
  '2.4.2': { SHOULD: 1 },
  '2.5.1': { MUST: 1, 'MUST NOT': 2, SHOULD: 2 },
  '2.5.4': { SHOULD: 1 },
  '2.6.1.1.2': { MUST: 1, MAY: 1 },
  '2.6.1.2.2': { MUST: 1 },
  '2.7.1': { MUST: 1 },
  '2.7.2': { MUST: 3 },
  '2.7.3': { MUST: 1 },
  '2.7.4.2': { MUST: 1, 'SHOULD NOT': 1 },
  '2.7.5.2': { MUST: 1, 'MUST NOT': 1 },
  '2.7.5.3.1': { MUST: 1, 'MUST NOT': 4 },
  '2.7.6.1': { 'MUST NOT': 1 },
  '2.7.7.1': { MUST: 3, MAY: 2 },
  '2.7.8.3': { 'MUST NOT': 1, SHOULD: 1 },
  '2.7.10.1': { MUST: 5, 'SHOULD NOT': 2 },
  '2.7.13.3.1': { MUST: 1 },
  '2.7.13.4.1': { MUST: 1 },
  '2.8.11': { MUST: 1 },
  '2.8.16': { MUST: 1, 'MUST NOT': 2, MAY: 1 },
  '2.8.17': { MUST: 2, 'MUST NOT': 4 },
  '2.8.19': { 'MUST NOT': 4 },
  '2.8.21.1.1': { MUST: 1 },
  '2.8.21.3.1': { MUST: 1 },
  '3.1.1': { MUST: 1, 'MUST NOT': 4, SHOULD: 1, MAY: 1 },
  '3.1.2': { MUST: 1 },
  '3.3.1': { MUST: 1, 'MUST NOT': 1 },
  '4.1.2.2': { MUST: 3, MAY: 1 },
  '4.1.3.1': { MUST: 1, MAY: 1 },
  '4.1.4.1': { MUST: 4, 'MUST NOT': 1, SHOULD: 2, MAY: 1 },
  '4.1.4.3.2': { MUST: 2, 'MUST NOT': 5, MAY: 2 },
  '4.1.4.5.2': { 'SHOULD NOT': 1 },
  '4.1.4.8.2': { MUST: 1, 'SHOULD NOT': 1 },
  '4.1.4.9.2': { MUST: 1, 'MUST NOT': 2 },
  '4.1.4.10': { MUST: 2, MAY: 1 },
  '4.1.5.1.1.1': { MUST: 4 },
  '4.1.5.1.2.2': { MUST: 2, 'MUST NOT': 1, MAY: 3 },
  '4.1.5.2.1': { MUST: 2 },
  '4.1.5.4.2': { MUST: 1 },
  '4.2.2.2': { MUST: 12, 'MUST NOT': 7, MAY: 4 },
  '4.2.3.1.1': { MUST: 4, 'MUST NOT': 2 },
  '4.2.3.4.1': { MUST: 2, SHOULD: 1 },
  '6.1': { MUST: 5, 'MUST NOT': 1, SHOULD: 4, MAY: 3 },
  '6.3': { MUST: 1, 'SHOULD NOT': 1 },
};
