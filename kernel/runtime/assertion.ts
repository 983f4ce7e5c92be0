// What a failed assertion of the control plane becomes. Called by lowered code only.

import { assertionFailedText } from '../hal/power.ts';

/** Stops the machine with status 33. `place` is the file, line and column of the assertion. */
export const assertionFailed = (fact: string, place: string): never =>
  assertionFailedText(`${fact}\n  asserted at ${place}`);
