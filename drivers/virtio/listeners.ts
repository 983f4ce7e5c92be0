// Who listens to a device. A list is never changed but replaced by another one, so that a listener may end itself, or add another, while all of them are told.

import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';

/**
 * Adds a listener to the list `name` of `holder`. Returns the function that ends it. Throws `ended` where that is given: of what has ended nobody will ever hear
 * anything.
 */
export const addListener = <Name extends string, Listener>(
  ended: DeviceError | undefined,
  holder: Record<NoInfer<Name>, readonly NoInfer<Listener>[]>,
  name: Name,
  listener: Listener,
): (() => void) => {
  if (ended !== undefined) throw failureOf(ended);
  holder[name] = [...holder[name], listener];
  return () => {
    holder[name] = holder[name].filter((each) => each !== listener);
  };
};
