// Records that drivers make anew each time their device is opened. A record lives for ever, so those of a device that has ended are used again.
//
//   recordFor ──▶ the driver's, until its device has ended ──▶ spare ──▶ recordFor: as new
//
// Always true: a driver that has ended touches none of its records. Whoever calls it is refused by the state of its Live first (whyEnded).

import { renew } from '../../kernel/base/machine.ts';
import { Buffers } from './buffers.ts';
import { Features } from './features.ts';
import type { Live } from './live.ts';

/** The records of one class. */
export interface Records<R> {
  readonly make: () => R;
  readonly again: (record: R) => void;
  readonly spares: R[];
}

/** Returns the records of a class: `make` is `() => new R()`, and `again` is `(record) => renew(record)`. Made once a class, at top level. */
export const recordsOf = <R>(make: () => R, again: (record: R) => void): Records<R> => ({ make, again, spares: [] });

/**
 * Returns a record, as new, which is the device's until that has ended; or for ever where `isShown` says then that a program has seen it, who may still hold it: it is emptied,
 * and its memory goes back.
 */
export const recordFor = <R>(live: Live, { make, again, spares }: Records<R>, isShown = () => false): R => {
  const spare = spares.pop();
  if (spare !== undefined) again(spare);
  const record = spare ?? make();
  live.givenBack.push(() => {
    if (isShown()) again(record);
    else spares.push(record);
  });
  return record;
};

const BUFFERS = recordsOf(
  () => new Buffers(),
  (buffers) => renew(buffers),
);

const FEATURES = recordsOf(
  () => new Features(),
  (features) => renew(features),
);

/** The same for the buffers of a queue. */
export const buffersFor = (live: Live): Buffers => recordFor(live, BUFFERS);

/** The same for the features that a driver can use. */
export const featuresFor = (live: Live): Features => recordFor(live, FEATURES);
